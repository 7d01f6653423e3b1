/* The process, its identity and limits, and what a unikernel cannot have.
 *
 * @expect ok:
 */
#include "check.h"

#include <dlfcn.h>
#include <grp.h>
#include <pwd.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <syslog.h>
#include <termios.h>
#include <time.h>

static void identity(void)
{
    struct group *group;
    struct passwd *user, entry;
    char buffer[16];
    gid_t groups[4];

    CHECK_INT(getpid(), 1);
    CHECK_INT(getppid(), 0);
    CHECK_INT(getuid() + geteuid() + getgid() + getegid(), 0);
    CHECK_INT(setuid(0), 0);
    CHECK_FAILS(setuid(5), EINVAL);
    CHECK_FAILS(setreuid(-1, 5), EINVAL);
    CHECK_INT(setregid(-1, -1), 0);
    CHECK_INT(getpgid(0), 1);
    CHECK_FAILS(getpgid(2), ESRCH);
    CHECK_FAILS(setsid(), EPERM);
    CHECK_INT(getgroups(4, groups), 0);
    CHECK_FAILS(getgroups(-1, groups), EINVAL);
    CHECK_INT(setgroups(0, NULL), 0);
    CHECK_FAILS(setgroups(1, groups), EINVAL);
    errno = 0;
    group = getgrnam("root");
    user = getpwuid(0);
    CHECK(group == NULL && user == NULL && errno == 0);
    CHECK_INT(getpwnam_r("root", &entry, buffer, sizeof buffer, &user), 0);
    CHECK(user == NULL);
    CHECK(getlogin() == NULL && errno == ENOTTY);
}

static void limits(void)
{
    CHECK(sysconf(_SC_NPROCESSORS_ONLN) >= 1);
    CHECK_INT(sysconf(_SC_NPROCESSORS_CONF), sysconf(_SC_NPROCESSORS_ONLN));
    CHECK_INT(sysconf(_SC_PAGESIZE), 4096);
    CHECK_INT(sysconf(_SC_CLK_TCK), 100);
    CHECK(sysconf(_SC_PHYS_PAGES) > 1000 && sysconf(_SC_PHYS_PAGES) < 64 * 256);
    CHECK(sysconf(_SC_AVPHYS_PAGES) > 0);
    CHECK(sysconf(_SC_AVPHYS_PAGES) <= sysconf(_SC_PHYS_PAGES));
    CHECK_INT(sysconf(_SC_OPEN_MAX), getdtablesize());
    CHECK_FAILS(sysconf(-1), EINVAL);
    CHECK_FAILS(sysconf(100000), EINVAL);
    CHECK_INT(pathconf("/", _PC_PATH_MAX), 4096);
    CHECK_INT(fpathconf(1, _PC_NAME_MAX), 255);
    CHECK_FAILS(pathconf("/none", _PC_NAME_MAX), ENOENT);
    CHECK_FAILS(fpathconf(1, 999), EINVAL);
}

static void names(void)
{
    struct utsname name;
    char buffer[65];

    CHECK_INT(gethostname(buffer, sizeof buffer), 0);
    CHECK_STR(buffer, "localhost");
    CHECK_FAILS(gethostname(buffer, 3), ENAMETOOLONG);
    CHECK_INT(sethostname("unikernel", 9), 0);
    CHECK_INT(uname(&name), 0);
    CHECK_STR(name.nodename, "unikernel");
    CHECK_STR(name.machine, "x86_64");
    CHECK_FAILS(uname(NULL), EFAULT);
    CHECK_INT(prctl(PR_SET_NAME, "a name that is too long"), 0);
    CHECK_INT(prctl(PR_GET_NAME, buffer), 0);
    CHECK_STR(buffer, "a name that is ");
    CHECK_FAILS(prctl(12345), EINVAL);
    CHECK_INT(getauxval(AT_PAGESZ), 4096);
    errno = 0;
    CHECK(getauxval(9999) == 0 && errno == ENOENT);
}

static void terminal(void)
{
    struct termios settings;
    struct winsize size;

    CHECK_INT(isatty(1), 1);
    CHECK(isatty(99) == 0 && errno == EBADF);
    CHECK_STR(ttyname(1), "/dev/console");
    CHECK_INT(tcgetattr(0, &settings), 0);
    CHECK_INT(settings.c_lflag, 0);
    CHECK_INT(tcsetattr(0, TCSANOW, &settings), 0);
    settings.c_lflag |= ICANON;
    CHECK_FAILS(tcsetattr(0, TCSANOW, &settings), EINVAL);
    CHECK_FAILS(tcgetattr(99, &settings), EBADF);
    CHECK_INT(cfsetospeed(&settings, B9600), 0);
    CHECK_INT(cfgetospeed(&settings), B9600);
    CHECK_FAILS(cfsetospeed(&settings, 12345), EINVAL);
    CHECK_INT(tcdrain(1), 0);
    CHECK_FAILS(tcsendbreak(1, 0), ENOSYS);
    CHECK_FAILS(ioctl(1, TIOCGWINSZ, &size), ENOTTY);
    CHECK_FAILS(ioctl(99, FIONREAD, &size), EBADF);
    CHECK_FAILS(tcgetpgrp(0), ENOTTY);
}

static void absent(void)
{
    char *argv[] = {"x", NULL};
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status;

    CHECK_FAILS(fork(), ENOSYS);
    CHECK_FAILS(execv("/x", argv), ENOSYS);
    CHECK_FAILS(execve("/x", argv, argv), ENOSYS);
    CHECK_FAILS(execvp("x", argv), ENOSYS);
    CHECK_FAILS(execl("/x", "x", "y", NULL), ENOSYS);
    CHECK_FAILS(execlp("x", "x", NULL), ENOSYS);
    CHECK_FAILS(syscall(39), ENOSYS);
    CHECK_FAILS(chroot("/tmp"), ENOSYS);
    CHECK_FAILS(wait(&status), ECHILD);
    CHECK_FAILS(waitpid(-1, &status, WNOHANG), ECHILD);
    CHECK_INT(posix_spawn_file_actions_init(&actions), 0);
    CHECK_INT(posix_spawn_file_actions_adddup2(&actions, 1, 2), 0);
    CHECK_INT(posix_spawn_file_actions_addclose(&actions, -1), EBADF);
    CHECK_INT(posix_spawn(&pid, "/x", &actions, NULL, argv, NULL), ENOSYS);
    CHECK_INT(posix_spawnp(&pid, "x", &actions, NULL, argv, NULL), ENOSYS);
    CHECK_INT(posix_spawn_file_actions_destroy(&actions), 0);
    CHECK_FAILS(shmget(1, 4096, 0), ENOSYS);
    CHECK(shmat(1, NULL, 0) == (void *)-1 && errno == EINVAL);
    CHECK(dlerror() == NULL);
    CHECK(dlopen("x.so", RTLD_NOW) == NULL);
    CHECK(dlerror() != NULL);
    CHECK(dlerror() == NULL);
    CHECK(dlsym(RTLD_DEFAULT, "main") == NULL);
    CHECK_INT(alarm(0), 0);
    CHECK_INT(alarm(20), 0);
    CHECK_INT(alarm(0), 20);
    CHECK_INT(nice(0), 0);
    CHECK_FAILS(nice(1), EPERM);
    CHECK_INT(system(NULL), 0);
}

static void options(void)
{
    char *argv[] = {"x", "-ab", "-cvalue", "-c", "other", "-z", "--", "rest", NULL};

    opterr = 0;
    CHECK_INT(getopt(8, argv, "abc:"), 'a');
    CHECK_INT(getopt(8, argv, "abc:"), 'b');
    CHECK_INT(getopt(8, argv, "abc:"), 'c');
    CHECK_STR(optarg, "value");
    CHECK_INT(getopt(8, argv, "abc:"), 'c');
    CHECK_STR(optarg, "other");
    CHECK_INT(getopt(8, argv, "abc:"), '?');
    CHECK_INT(optopt, 'z');
    CHECK_INT(getopt(8, argv, "abc:"), -1);
    CHECK_STR(argv[optind], "rest");
    optind = 1;
    char *missing[] = {"x", "-c", NULL};
    CHECK_INT(getopt(2, missing, ":c:"), ':');
    /* Another list, while there was more to come in a word of the first. */
    char *shorter[] = {"x", "-a", "rest", NULL};
    optind = 1;
    CHECK_INT(getopt(8, argv, "abc:"), 'a');
    optind = 1;
    CHECK_INT(getopt(3, shorter, "a"), 'a');
    CHECK_INT(getopt(3, shorter, "a"), -1);
    CHECK_INT(optind, 2);
}

int main(void)
{
    struct timespec before, after;

    identity();
    limits();
    names();
    terminal();
    absent();
    options();
    openlog("guest", LOG_PID, LOG_USER);
    syslog(LOG_ERR, "message %d", 7);
    clock_gettime(CLOCK_MONOTONIC, &before);
    usleep(20000);
    CHECK_INT(sleep(0), 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    CHECK((after.tv_sec - before.tv_sec) * 1000000000L + after.tv_nsec - before.tv_nsec >= 20000000);
    return check_done();
}
