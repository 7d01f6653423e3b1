/* No abort stub: every function that a header declares is called with plausible and
 * with hostile arguments, and answers. What C leaves undefined is not tried: strings
 * are strings, and memory is as large as is said. Those that cannot be called here
 * stand with their reason.
 *
 * @timeout 60
 * @flags -w -fno-builtin
 * @expect every function answered
 */
#define _GNU_SOURCE
#include <alloca.h>
#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <dirent.h>
#include <dlfcn.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <features.h>
#include <fenv.h>
#include <grp.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <malloc.h>
#include <math.h>
#include <memory.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <nolibc.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/auxv.h>
#include <sys/dir.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/param.h>
#include <sys/poll.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/shm.h>
#include <sys/signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/syslog.h>
#include <sys/termios.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <syslog.h>
#include <termios.h>
#include <threads.h>
#include <time.h>
#include <uchar.h>
#include <unistd.h>
#include <utime.h>
#include <wchar.h>
#include <wctype.h>

static char buffer[65536] __attribute__((aligned(4096)));
static char long_text[5000];
static volatile double zero;
static FILE *stream;
static DIR *directory;
static locale_t any_locale;
static const char *narrow = "text";
static const wchar_t *wide = L"text";
static int verbose;

static int compare(const void *left, const void *right)
{
    return left == right;
}

static void nothing(void) {}

static void *start(void *argument)
{
    return argument;
}

static int start_c11(void *argument)
{
    return argument != NULL;
}

static void take(void *argument)
{
    (void)argument;
}

/* What each call finds: zeroes in the buffer, an empty stream, an open directory. */
static void prepare(const char *name)
{
    memset(buffer, 0, 1024);
    if (verbose) {
        write(1, name, strlen(name));
        write(1, "\n", 1);
    }
    if (stream == NULL)
        stream = tmpfile();
    if (directory == NULL)
        directory = opendir("/");
    rewind(stream);
    rewinddir(directory);
    alarm(0);
}

#define CALL(name, call) (prepare(#name), (void)(call))
#define VA_CALL(name, call)                  \
    do {                                     \
        va_list list;                        \
        va_start(list, first);               \
        CALL(name, call);                    \
        va_end(list);                        \
    } while (0)

/* <arpa/inet.h> */
static void call_arpa_inet_h(int first, ...)
{
    CALL(htonl, (htonl)(-1));
    CALL(htonl, (htonl)(0));
    CALL(htonl, (htonl)(1));
    CALL(htonl, (htonl)(0x7fffffff));
    CALL(htonl, (htonl)(-1));
    CALL(htonl, (htonl)(0));
    CALL(htonl, (htonl)(1));
    CALL(htonl, (htonl)(0x7fffffff));
    CALL(htons, (htons)(-1));
    CALL(htons, (htons)(0));
    CALL(htons, (htons)(1));
    CALL(htons, (htons)(0x7fffffff));
    CALL(htons, (htons)(-1));
    CALL(htons, (htons)(0));
    CALL(htons, (htons)(1));
    CALL(htons, (htons)(0x7fffffff));
    CALL(inet_addr, (inet_addr)(""));
    CALL(inet_addr, (inet_addr)("1"));
    CALL(inet_addr, (inet_addr)(long_text));
    CALL(inet_addr, (inet_addr)("/none/x"));
    CALL(inet_aton, (inet_aton)("", (void *)(buffer)));
    CALL(inet_aton, (inet_aton)("1", (void *)(buffer)));
    CALL(inet_aton, (inet_aton)(long_text, (void *)(buffer)));
    CALL(inet_aton, (inet_aton)("/none/x", (void *)(buffer)));
    CALL(inet_lnaof, (inet_lnaof)(((struct in_addr){0})));
    CALL(inet_makeaddr, (inet_makeaddr)(-1, -1));
    CALL(inet_makeaddr, (inet_makeaddr)(0, 0));
    CALL(inet_makeaddr, (inet_makeaddr)(1, 1));
    CALL(inet_makeaddr, (inet_makeaddr)(0x7fffffff, 0x7fffffff));
    CALL(inet_netof, (inet_netof)(((struct in_addr){0})));
    CALL(inet_network, (inet_network)(""));
    CALL(inet_network, (inet_network)("1"));
    CALL(inet_network, (inet_network)(long_text));
    CALL(inet_network, (inet_network)("/none/x"));
    CALL(inet_ntoa, (inet_ntoa)(((struct in_addr){0})));
    CALL(inet_ntop, (inet_ntop)(-1, (void *)(buffer), (void *)(buffer), 0));
    CALL(inet_ntop, (inet_ntop)(0, (void *)(buffer), (void *)(buffer), 8));
    CALL(inet_ntop, (inet_ntop)(1, (void *)(buffer), (void *)(buffer), 1));
    CALL(inet_ntop, (inet_ntop)(0x7fffffff, (void *)(buffer), (void *)(buffer), 64));
    CALL(inet_pton, (inet_pton)(-1, "", (void *)(buffer)));
    CALL(inet_pton, (inet_pton)(0, "1", (void *)(buffer)));
    CALL(inet_pton, (inet_pton)(1, long_text, (void *)(buffer)));
    CALL(inet_pton, (inet_pton)(0x7fffffff, "/none/x", (void *)(buffer)));
    CALL(ntohl, (ntohl)(-1));
    CALL(ntohl, (ntohl)(0));
    CALL(ntohl, (ntohl)(1));
    CALL(ntohl, (ntohl)(0x7fffffff));
    CALL(ntohl, (ntohl)(-1));
    CALL(ntohl, (ntohl)(0));
    CALL(ntohl, (ntohl)(1));
    CALL(ntohl, (ntohl)(0x7fffffff));
    CALL(ntohs, (ntohs)(-1));
    CALL(ntohs, (ntohs)(0));
    CALL(ntohs, (ntohs)(1));
    CALL(ntohs, (ntohs)(0x7fffffff));
    CALL(ntohs, (ntohs)(-1));
    CALL(ntohs, (ntohs)(0));
    CALL(ntohs, (ntohs)(1));
    CALL(ntohs, (ntohs)(0x7fffffff));
}

/* <assert.h> */
static void call_assert_h(int first, ...)
{
    /* not called: __assert_fail: ends the program */
    /* not called: _assert_fail: ends the program */
}

/* <ctype.h> */
static void call_ctype_h(int first, ...)
{
    CALL(isalnum, (isalnum)(-1));
    CALL(isalnum, (isalnum)(0));
    CALL(isalnum, (isalnum)(1));
    CALL(isalnum, (isalnum)(0x7fffffff));
    CALL(isalnum_l, (isalnum_l)(-1, any_locale));
    CALL(isalnum_l, (isalnum_l)(0, any_locale));
    CALL(isalnum_l, (isalnum_l)(1, any_locale));
    CALL(isalnum_l, (isalnum_l)(0x7fffffff, any_locale));
    CALL(isalpha, (isalpha)(-1));
    CALL(isalpha, (isalpha)(0));
    CALL(isalpha, (isalpha)(1));
    CALL(isalpha, (isalpha)(0x7fffffff));
    CALL(isalpha_l, (isalpha_l)(-1, any_locale));
    CALL(isalpha_l, (isalpha_l)(0, any_locale));
    CALL(isalpha_l, (isalpha_l)(1, any_locale));
    CALL(isalpha_l, (isalpha_l)(0x7fffffff, any_locale));
    CALL(isascii, (isascii)(-1));
    CALL(isascii, (isascii)(0));
    CALL(isascii, (isascii)(1));
    CALL(isascii, (isascii)(0x7fffffff));
    CALL(isblank, (isblank)(-1));
    CALL(isblank, (isblank)(0));
    CALL(isblank, (isblank)(1));
    CALL(isblank, (isblank)(0x7fffffff));
    CALL(isblank_l, (isblank_l)(-1, any_locale));
    CALL(isblank_l, (isblank_l)(0, any_locale));
    CALL(isblank_l, (isblank_l)(1, any_locale));
    CALL(isblank_l, (isblank_l)(0x7fffffff, any_locale));
    CALL(iscntrl, (iscntrl)(-1));
    CALL(iscntrl, (iscntrl)(0));
    CALL(iscntrl, (iscntrl)(1));
    CALL(iscntrl, (iscntrl)(0x7fffffff));
    CALL(iscntrl_l, (iscntrl_l)(-1, any_locale));
    CALL(iscntrl_l, (iscntrl_l)(0, any_locale));
    CALL(iscntrl_l, (iscntrl_l)(1, any_locale));
    CALL(iscntrl_l, (iscntrl_l)(0x7fffffff, any_locale));
    CALL(isdigit, (isdigit)(-1));
    CALL(isdigit, (isdigit)(0));
    CALL(isdigit, (isdigit)(1));
    CALL(isdigit, (isdigit)(0x7fffffff));
    CALL(isdigit_l, (isdigit_l)(-1, any_locale));
    CALL(isdigit_l, (isdigit_l)(0, any_locale));
    CALL(isdigit_l, (isdigit_l)(1, any_locale));
    CALL(isdigit_l, (isdigit_l)(0x7fffffff, any_locale));
    CALL(isgraph, (isgraph)(-1));
    CALL(isgraph, (isgraph)(0));
    CALL(isgraph, (isgraph)(1));
    CALL(isgraph, (isgraph)(0x7fffffff));
    CALL(isgraph_l, (isgraph_l)(-1, any_locale));
    CALL(isgraph_l, (isgraph_l)(0, any_locale));
    CALL(isgraph_l, (isgraph_l)(1, any_locale));
    CALL(isgraph_l, (isgraph_l)(0x7fffffff, any_locale));
    CALL(islower, (islower)(-1));
    CALL(islower, (islower)(0));
    CALL(islower, (islower)(1));
    CALL(islower, (islower)(0x7fffffff));
    CALL(islower_l, (islower_l)(-1, any_locale));
    CALL(islower_l, (islower_l)(0, any_locale));
    CALL(islower_l, (islower_l)(1, any_locale));
    CALL(islower_l, (islower_l)(0x7fffffff, any_locale));
    CALL(isprint, (isprint)(-1));
    CALL(isprint, (isprint)(0));
    CALL(isprint, (isprint)(1));
    CALL(isprint, (isprint)(0x7fffffff));
    CALL(isprint_l, (isprint_l)(-1, any_locale));
    CALL(isprint_l, (isprint_l)(0, any_locale));
    CALL(isprint_l, (isprint_l)(1, any_locale));
    CALL(isprint_l, (isprint_l)(0x7fffffff, any_locale));
    CALL(ispunct, (ispunct)(-1));
    CALL(ispunct, (ispunct)(0));
    CALL(ispunct, (ispunct)(1));
    CALL(ispunct, (ispunct)(0x7fffffff));
    CALL(ispunct_l, (ispunct_l)(-1, any_locale));
    CALL(ispunct_l, (ispunct_l)(0, any_locale));
    CALL(ispunct_l, (ispunct_l)(1, any_locale));
    CALL(ispunct_l, (ispunct_l)(0x7fffffff, any_locale));
    CALL(isspace, (isspace)(-1));
    CALL(isspace, (isspace)(0));
    CALL(isspace, (isspace)(1));
    CALL(isspace, (isspace)(0x7fffffff));
    CALL(isspace_l, (isspace_l)(-1, any_locale));
    CALL(isspace_l, (isspace_l)(0, any_locale));
    CALL(isspace_l, (isspace_l)(1, any_locale));
    CALL(isspace_l, (isspace_l)(0x7fffffff, any_locale));
    CALL(isupper, (isupper)(-1));
    CALL(isupper, (isupper)(0));
    CALL(isupper, (isupper)(1));
    CALL(isupper, (isupper)(0x7fffffff));
    CALL(isupper_l, (isupper_l)(-1, any_locale));
    CALL(isupper_l, (isupper_l)(0, any_locale));
    CALL(isupper_l, (isupper_l)(1, any_locale));
    CALL(isupper_l, (isupper_l)(0x7fffffff, any_locale));
    CALL(isxdigit, (isxdigit)(-1));
    CALL(isxdigit, (isxdigit)(0));
    CALL(isxdigit, (isxdigit)(1));
    CALL(isxdigit, (isxdigit)(0x7fffffff));
    CALL(isxdigit_l, (isxdigit_l)(-1, any_locale));
    CALL(isxdigit_l, (isxdigit_l)(0, any_locale));
    CALL(isxdigit_l, (isxdigit_l)(1, any_locale));
    CALL(isxdigit_l, (isxdigit_l)(0x7fffffff, any_locale));
    CALL(toascii, (toascii)(-1));
    CALL(toascii, (toascii)(0));
    CALL(toascii, (toascii)(1));
    CALL(toascii, (toascii)(0x7fffffff));
    CALL(tolower, (tolower)(-1));
    CALL(tolower, (tolower)(0));
    CALL(tolower, (tolower)(1));
    CALL(tolower, (tolower)(0x7fffffff));
    CALL(tolower_l, (tolower_l)(-1, any_locale));
    CALL(tolower_l, (tolower_l)(0, any_locale));
    CALL(tolower_l, (tolower_l)(1, any_locale));
    CALL(tolower_l, (tolower_l)(0x7fffffff, any_locale));
    CALL(toupper, (toupper)(-1));
    CALL(toupper, (toupper)(0));
    CALL(toupper, (toupper)(1));
    CALL(toupper, (toupper)(0x7fffffff));
    CALL(toupper_l, (toupper_l)(-1, any_locale));
    CALL(toupper_l, (toupper_l)(0, any_locale));
    CALL(toupper_l, (toupper_l)(1, any_locale));
    CALL(toupper_l, (toupper_l)(0x7fffffff, any_locale));
}

/* <dirent.h> */
static void call_dirent_h(int first, ...)
{
    CALL(alphasort, (*(void **)buffer = buffer + 256, alphasort((const struct dirent **)buffer, (const struct dirent **)buffer)));
    CALL(closedir, closedir(opendir("/")));
    CALL(dirfd, dirfd(directory));
    CALL(fdopendir, fdopendir(-1));
    CALL(fdopendir, fdopendir(1));
    CALL(opendir, opendir(""));
    CALL(opendir, closedir(opendir("/")));
    CALL(readdir, (readdir)(directory));
    CALL(readdir_r, (readdir_r)(directory, (void *)(buffer), (void *)(buffer)));
    CALL(rewinddir, (rewinddir)(directory));
    CALL(scandir, (scandir)("", (void *)(buffer), (void *)compare, (void *)compare));
    CALL(scandir, (scandir)("1", (void *)(buffer), (void *)compare, (void *)compare));
    CALL(scandir, (scandir)(long_text, (void *)(buffer), (void *)compare, (void *)compare));
    CALL(scandir, (scandir)("/none/x", (void *)(buffer), (void *)compare, (void *)compare));
    CALL(seekdir, (seekdir)(directory, -1));
    CALL(seekdir, (seekdir)(directory, 0));
    CALL(seekdir, (seekdir)(directory, 1));
    CALL(seekdir, (seekdir)(directory, 0x7fffffffffffffff));
    CALL(telldir, (telldir)(directory));
}

/* <dlfcn.h> */
static void call_dlfcn_h(int first, ...)
{
    CALL(dlclose, (dlclose)((void *)(buffer)));
    CALL(dlerror, (dlerror)());
    CALL(dlopen, (dlopen)("", -1));
    CALL(dlopen, (dlopen)("1", 0));
    CALL(dlopen, (dlopen)(long_text, 1));
    CALL(dlopen, (dlopen)("/none/x", 0x7fffffff));
    CALL(dlsym, (dlsym)((void *)(buffer), ""));
    CALL(dlsym, (dlsym)((void *)(buffer), "1"));
    CALL(dlsym, (dlsym)((void *)(buffer), long_text));
    CALL(dlsym, (dlsym)((void *)(buffer), "/none/x"));
}

/* <errno.h> */
static void call_errno_h(int first, ...)
{
    CALL(__errno_location, (__errno_location)());
}

/* <fcntl.h> */
static void call_fcntl_h(int first, ...)
{
    CALL(creat, (creat)("", -1));
    CALL(creat, (creat)("1", 0));
    CALL(creat, (creat)(long_text, 1));
    CALL(creat, (creat)("/none/x", 0x7fffffff));
    CALL(fcntl, (fcntl)(-1, -1));
    CALL(fcntl, (fcntl)(0, 0));
    CALL(fcntl, (fcntl)(1, 1));
    CALL(fcntl, (fcntl)(0x7fffffff, 0x7fffffff));
    CALL(open, (open)("text", -1));
    CALL(open, (open)("text", 0));
    CALL(open, (open)("text", 1));
    CALL(open, (open)("text", 0x7fffffff));
    CALL(openat, (openat)(-1, "text", -1));
    CALL(openat, (openat)(0, "text", 0));
    CALL(openat, (openat)(1, "text", 1));
    CALL(openat, (openat)(0x7fffffff, "text", 0x7fffffff));
    CALL(posix_fadvise, (posix_fadvise)(-1, -1, -1, -1));
    CALL(posix_fadvise, (posix_fadvise)(0, 0, 0, 0));
    CALL(posix_fadvise, (posix_fadvise)(1, 1, 1, 1));
    CALL(posix_fadvise, (posix_fadvise)(0x7fffffff, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x7fffffff));
    CALL(posix_fallocate, (posix_fallocate)(-1, -1, -1));
    CALL(posix_fallocate, (posix_fallocate)(0, 0, 0));
    CALL(posix_fallocate, (posix_fallocate)(1, 1, 1));
    CALL(posix_fallocate, (posix_fallocate)(0x7fffffff, 0x7fffffffffffffff, 0x7fffffffffffffff));
}

/* <fenv.h> */
static void call_fenv_h(int first, ...)
{
    CALL(feclearexcept, (feclearexcept)(-1));
    CALL(feclearexcept, (feclearexcept)(0));
    CALL(feclearexcept, (feclearexcept)(1));
    CALL(feclearexcept, (feclearexcept)(0x7fffffff));
    CALL(fegetenv, (fegetenv)((void *)(buffer)));
    CALL(fegetexceptflag, (fegetexceptflag)((void *)(buffer), -1));
    CALL(fegetexceptflag, (fegetexceptflag)((void *)(buffer), 0));
    CALL(fegetexceptflag, (fegetexceptflag)((void *)(buffer), 1));
    CALL(fegetexceptflag, (fegetexceptflag)((void *)(buffer), 0x7fffffff));
    CALL(fegetround, (fegetround)());
    CALL(feholdexcept, (feholdexcept)((void *)(buffer)));
    CALL(feraiseexcept, (feraiseexcept)(-1));
    CALL(feraiseexcept, (feraiseexcept)(0));
    CALL(feraiseexcept, (feraiseexcept)(1));
    CALL(feraiseexcept, (feraiseexcept)(0x7fffffff));
    CALL(fesetenv, fesetenv(FE_DFL_ENV));
    CALL(fesetexceptflag, (fesetexceptflag)((void *)(buffer), -1));
    CALL(fesetexceptflag, (fesetexceptflag)((void *)(buffer), 0));
    CALL(fesetexceptflag, (fesetexceptflag)((void *)(buffer), 1));
    CALL(fesetexceptflag, (fesetexceptflag)((void *)(buffer), 0x7fffffff));
    CALL(fesetround, fesetround(-1));
    CALL(fesetround, fesetround(FE_TONEAREST));
    CALL(fetestexcept, (fetestexcept)(-1));
    CALL(fetestexcept, (fetestexcept)(0));
    CALL(fetestexcept, (fetestexcept)(1));
    CALL(fetestexcept, (fetestexcept)(0x7fffffff));
    CALL(feupdateenv, feupdateenv(FE_DFL_ENV));
}

/* <grp.h> */
static void call_grp_h(int first, ...)
{
    CALL(endgrent, (endgrent)());
    CALL(getgrent, (getgrent)());
    CALL(getgrgid, (getgrgid)(-1));
    CALL(getgrgid, (getgrgid)(0));
    CALL(getgrgid, (getgrgid)(1));
    CALL(getgrgid, (getgrgid)(0x7fffffff));
    CALL(getgrgid_r, (getgrgid_r)(-1, (void *)(buffer), (void *)(buffer), 0, (void *)(buffer)));
    CALL(getgrgid_r, (getgrgid_r)(0, (void *)(buffer), (void *)(buffer), 8, (void *)(buffer)));
    CALL(getgrgid_r, (getgrgid_r)(1, (void *)(buffer), (void *)(buffer), 1, (void *)(buffer)));
    CALL(getgrgid_r, (getgrgid_r)(0x7fffffff, (void *)(buffer), (void *)(buffer), 64, (void *)(buffer)));
    CALL(getgrnam, (getgrnam)(""));
    CALL(getgrnam, (getgrnam)("1"));
    CALL(getgrnam, (getgrnam)(long_text));
    CALL(getgrnam, (getgrnam)("/none/x"));
    CALL(getgrnam_r, (getgrnam_r)("", (void *)(buffer), (void *)(buffer), 0, (void *)(buffer)));
    CALL(getgrnam_r, (getgrnam_r)("1", (void *)(buffer), (void *)(buffer), 8, (void *)(buffer)));
    CALL(getgrnam_r, (getgrnam_r)(long_text, (void *)(buffer), (void *)(buffer), 1, (void *)(buffer)));
    CALL(getgrnam_r, (getgrnam_r)("/none/x", (void *)(buffer), (void *)(buffer), 64, (void *)(buffer)));
    CALL(initgroups, (initgroups)("", -1));
    CALL(initgroups, (initgroups)("1", 0));
    CALL(initgroups, (initgroups)(long_text, 1));
    CALL(initgroups, (initgroups)("/none/x", 0x7fffffff));
    CALL(setgrent, (setgrent)());
    CALL(setgroups, (setgroups)(0, (void *)(buffer)));
    CALL(setgroups, (setgroups)(8, (void *)(buffer)));
    CALL(setgroups, (setgroups)(1, (void *)(buffer)));
    CALL(setgroups, (setgroups)(64, (void *)(buffer)));
}

/* <inttypes.h> */
static void call_inttypes_h(int first, ...)
{
    CALL(imaxabs, (imaxabs)(-1));
    CALL(imaxabs, (imaxabs)(0));
    CALL(imaxabs, (imaxabs)(1));
    CALL(imaxabs, (imaxabs)(0x7fffffffffffffff));
    CALL(imaxdiv, imaxdiv(7, -2));
    CALL(strtoimax, (strtoimax)("", (void *)(buffer), -1));
    CALL(strtoimax, (strtoimax)("1", (void *)(buffer), 0));
    CALL(strtoimax, (strtoimax)(long_text, (void *)(buffer), 1));
    CALL(strtoimax, (strtoimax)("/none/x", (void *)(buffer), 0x7fffffff));
    CALL(strtoumax, (strtoumax)("", (void *)(buffer), -1));
    CALL(strtoumax, (strtoumax)("1", (void *)(buffer), 0));
    CALL(strtoumax, (strtoumax)(long_text, (void *)(buffer), 1));
    CALL(strtoumax, (strtoumax)("/none/x", (void *)(buffer), 0x7fffffff));
    CALL(wcstoimax, (wcstoimax)(L"", (void *)(buffer), -1));
    CALL(wcstoimax, (wcstoimax)(L"1", (void *)(buffer), 0));
    CALL(wcstoimax, (wcstoimax)(L"-x", (void *)(buffer), 1));
    CALL(wcstoimax, (wcstoimax)(L"%", (void *)(buffer), 0x7fffffff));
    CALL(wcstoumax, (wcstoumax)(L"", (void *)(buffer), -1));
    CALL(wcstoumax, (wcstoumax)(L"1", (void *)(buffer), 0));
    CALL(wcstoumax, (wcstoumax)(L"-x", (void *)(buffer), 1));
    CALL(wcstoumax, (wcstoumax)(L"%", (void *)(buffer), 0x7fffffff));
}

/* <locale.h> */
static void call_locale_h(int first, ...)
{
    CALL(duplocale, (duplocale)(any_locale));
    CALL(freelocale, freelocale(newlocale(LC_ALL_MASK, "C", (locale_t)0)));
    CALL(localeconv, (localeconv)());
    CALL(newlocale, (newlocale)(-1, "", any_locale));
    CALL(newlocale, (newlocale)(0, "1", any_locale));
    CALL(newlocale, (newlocale)(1, long_text, any_locale));
    CALL(newlocale, (newlocale)(0x7fffffff, "/none/x", any_locale));
    CALL(setlocale, setlocale(LC_ALL, "C"));
    CALL(setlocale, setlocale(99, "C"));
    CALL(setlocale, setlocale(LC_ALL, "none"));
    CALL(uselocale, uselocale((locale_t)0));
}

/* <malloc.h> */
static void call_malloc_h(int first, ...)
{
    CALL(mallinfo2, (mallinfo2)());
    CALL(malloc_footprint, (malloc_footprint)());
    CALL(malloc_footprint_limit, (malloc_footprint_limit)());
    CALL(malloc_max_footprint, (malloc_max_footprint)());
    CALL(malloc_memory_usage, (malloc_memory_usage)());
    CALL(malloc_set_footprint_limit, malloc_set_footprint_limit(malloc_set_footprint_limit(SIZE_MAX)));
    CALL(malloc_statistics, (malloc_statistics)(&(struct malloc_statistics){ 0 }));
    CALL(malloc_stats, (malloc_stats)());
    CALL(malloc_trim, (malloc_trim)(0));
    CALL(malloc_trim, (malloc_trim)(8));
    CALL(malloc_trim, (malloc_trim)(1));
    CALL(malloc_trim, (malloc_trim)(64));
    CALL(malloc_usable_size, malloc_usable_size(NULL));
    CALL(memalign, (memalign)(0, 0));
    CALL(memalign, (memalign)(8, 8));
    CALL(memalign, (memalign)(1, 1));
    CALL(memalign, (memalign)(64, 64));
    CALL(pvalloc, (pvalloc)(0));
    CALL(pvalloc, (pvalloc)(8));
    CALL(pvalloc, (pvalloc)(1));
    CALL(pvalloc, (pvalloc)(64));
    CALL(valloc, (valloc)(0));
    CALL(valloc, (valloc)(8));
    CALL(valloc, (valloc)(1));
    CALL(valloc, (valloc)(64));
}

/* <math.h> */
static void call_math_h(int first, ...)
{
    CALL(acos, (acos)(0.0));
    CALL(acos, (acos)(-1.5));
    CALL(acos, (acos)((0.0 / zero)));
    CALL(acos, (acos)((1.0 / zero)));
    CALL(acosf, (acosf)(0.0));
    CALL(acosf, (acosf)(-1.5));
    CALL(acosf, (acosf)((0.0 / zero)));
    CALL(acosf, (acosf)((1.0 / zero)));
    CALL(acosh, (acosh)(0.0));
    CALL(acosh, (acosh)(-1.5));
    CALL(acosh, (acosh)((0.0 / zero)));
    CALL(acosh, (acosh)((1.0 / zero)));
    CALL(acoshf, (acoshf)(0.0));
    CALL(acoshf, (acoshf)(-1.5));
    CALL(acoshf, (acoshf)((0.0 / zero)));
    CALL(acoshf, (acoshf)((1.0 / zero)));
    CALL(asin, (asin)(0.0));
    CALL(asin, (asin)(-1.5));
    CALL(asin, (asin)((0.0 / zero)));
    CALL(asin, (asin)((1.0 / zero)));
    CALL(asinf, (asinf)(0.0));
    CALL(asinf, (asinf)(-1.5));
    CALL(asinf, (asinf)((0.0 / zero)));
    CALL(asinf, (asinf)((1.0 / zero)));
    CALL(asinh, (asinh)(0.0));
    CALL(asinh, (asinh)(-1.5));
    CALL(asinh, (asinh)((0.0 / zero)));
    CALL(asinh, (asinh)((1.0 / zero)));
    CALL(asinhf, (asinhf)(0.0));
    CALL(asinhf, (asinhf)(-1.5));
    CALL(asinhf, (asinhf)((0.0 / zero)));
    CALL(asinhf, (asinhf)((1.0 / zero)));
    CALL(atan, (atan)(0.0));
    CALL(atan, (atan)(-1.5));
    CALL(atan, (atan)((0.0 / zero)));
    CALL(atan, (atan)((1.0 / zero)));
    CALL(atan2, (atan2)(0.0, 0.0));
    CALL(atan2, (atan2)(-1.5, -1.5));
    CALL(atan2, (atan2)((0.0 / zero), (0.0 / zero)));
    CALL(atan2, (atan2)((1.0 / zero), (1.0 / zero)));
    CALL(atan2f, (atan2f)(0.0, 0.0));
    CALL(atan2f, (atan2f)(-1.5, -1.5));
    CALL(atan2f, (atan2f)((0.0 / zero), (0.0 / zero)));
    CALL(atan2f, (atan2f)((1.0 / zero), (1.0 / zero)));
    CALL(atanf, (atanf)(0.0));
    CALL(atanf, (atanf)(-1.5));
    CALL(atanf, (atanf)((0.0 / zero)));
    CALL(atanf, (atanf)((1.0 / zero)));
    CALL(atanh, (atanh)(0.0));
    CALL(atanh, (atanh)(-1.5));
    CALL(atanh, (atanh)((0.0 / zero)));
    CALL(atanh, (atanh)((1.0 / zero)));
    CALL(atanhf, (atanhf)(0.0));
    CALL(atanhf, (atanhf)(-1.5));
    CALL(atanhf, (atanhf)((0.0 / zero)));
    CALL(atanhf, (atanhf)((1.0 / zero)));
    CALL(cbrt, (cbrt)(0.0));
    CALL(cbrt, (cbrt)(-1.5));
    CALL(cbrt, (cbrt)((0.0 / zero)));
    CALL(cbrt, (cbrt)((1.0 / zero)));
    CALL(cbrtf, (cbrtf)(0.0));
    CALL(cbrtf, (cbrtf)(-1.5));
    CALL(cbrtf, (cbrtf)((0.0 / zero)));
    CALL(cbrtf, (cbrtf)((1.0 / zero)));
    CALL(ceil, (ceil)(0.0));
    CALL(ceil, (ceil)(-1.5));
    CALL(ceil, (ceil)((0.0 / zero)));
    CALL(ceil, (ceil)((1.0 / zero)));
    CALL(ceilf, (ceilf)(0.0));
    CALL(ceilf, (ceilf)(-1.5));
    CALL(ceilf, (ceilf)((0.0 / zero)));
    CALL(ceilf, (ceilf)((1.0 / zero)));
    CALL(ceill, (ceill)(0.0));
    CALL(ceill, (ceill)(-1.5));
    CALL(ceill, (ceill)((0.0 / zero)));
    CALL(ceill, (ceill)((1.0 / zero)));
    CALL(copysign, (copysign)(0.0, 0.0));
    CALL(copysign, (copysign)(-1.5, -1.5));
    CALL(copysign, (copysign)((0.0 / zero), (0.0 / zero)));
    CALL(copysign, (copysign)((1.0 / zero), (1.0 / zero)));
    CALL(copysignf, (copysignf)(0.0, 0.0));
    CALL(copysignf, (copysignf)(-1.5, -1.5));
    CALL(copysignf, (copysignf)((0.0 / zero), (0.0 / zero)));
    CALL(copysignf, (copysignf)((1.0 / zero), (1.0 / zero)));
    CALL(copysignl, (copysignl)(0.0, 0.0));
    CALL(copysignl, (copysignl)(-1.5, -1.5));
    CALL(copysignl, (copysignl)((0.0 / zero), (0.0 / zero)));
    CALL(copysignl, (copysignl)((1.0 / zero), (1.0 / zero)));
    CALL(cos, (cos)(0.0));
    CALL(cos, (cos)(-1.5));
    CALL(cos, (cos)((0.0 / zero)));
    CALL(cos, (cos)((1.0 / zero)));
    CALL(cosf, (cosf)(0.0));
    CALL(cosf, (cosf)(-1.5));
    CALL(cosf, (cosf)((0.0 / zero)));
    CALL(cosf, (cosf)((1.0 / zero)));
    CALL(cosh, (cosh)(0.0));
    CALL(cosh, (cosh)(-1.5));
    CALL(cosh, (cosh)((0.0 / zero)));
    CALL(cosh, (cosh)((1.0 / zero)));
    CALL(coshf, (coshf)(0.0));
    CALL(coshf, (coshf)(-1.5));
    CALL(coshf, (coshf)((0.0 / zero)));
    CALL(coshf, (coshf)((1.0 / zero)));
    CALL(erf, (erf)(0.0));
    CALL(erf, (erf)(-1.5));
    CALL(erf, (erf)((0.0 / zero)));
    CALL(erf, (erf)((1.0 / zero)));
    CALL(erfc, (erfc)(0.0));
    CALL(erfc, (erfc)(-1.5));
    CALL(erfc, (erfc)((0.0 / zero)));
    CALL(erfc, (erfc)((1.0 / zero)));
    CALL(erfcf, (erfcf)(0.0));
    CALL(erfcf, (erfcf)(-1.5));
    CALL(erfcf, (erfcf)((0.0 / zero)));
    CALL(erfcf, (erfcf)((1.0 / zero)));
    CALL(erff, (erff)(0.0));
    CALL(erff, (erff)(-1.5));
    CALL(erff, (erff)((0.0 / zero)));
    CALL(erff, (erff)((1.0 / zero)));
    CALL(exp, (exp)(0.0));
    CALL(exp, (exp)(-1.5));
    CALL(exp, (exp)((0.0 / zero)));
    CALL(exp, (exp)((1.0 / zero)));
    CALL(exp10, (exp10)(0.0));
    CALL(exp10, (exp10)(-1.5));
    CALL(exp10, (exp10)((0.0 / zero)));
    CALL(exp10, (exp10)((1.0 / zero)));
    CALL(exp10f, (exp10f)(0.0));
    CALL(exp10f, (exp10f)(-1.5));
    CALL(exp10f, (exp10f)((0.0 / zero)));
    CALL(exp10f, (exp10f)((1.0 / zero)));
    CALL(exp2, (exp2)(0.0));
    CALL(exp2, (exp2)(-1.5));
    CALL(exp2, (exp2)((0.0 / zero)));
    CALL(exp2, (exp2)((1.0 / zero)));
    CALL(exp2f, (exp2f)(0.0));
    CALL(exp2f, (exp2f)(-1.5));
    CALL(exp2f, (exp2f)((0.0 / zero)));
    CALL(exp2f, (exp2f)((1.0 / zero)));
    CALL(expf, (expf)(0.0));
    CALL(expf, (expf)(-1.5));
    CALL(expf, (expf)((0.0 / zero)));
    CALL(expf, (expf)((1.0 / zero)));
    CALL(expm1, (expm1)(0.0));
    CALL(expm1, (expm1)(-1.5));
    CALL(expm1, (expm1)((0.0 / zero)));
    CALL(expm1, (expm1)((1.0 / zero)));
    CALL(expm1f, (expm1f)(0.0));
    CALL(expm1f, (expm1f)(-1.5));
    CALL(expm1f, (expm1f)((0.0 / zero)));
    CALL(expm1f, (expm1f)((1.0 / zero)));
    CALL(fabs, (fabs)(0.0));
    CALL(fabs, (fabs)(-1.5));
    CALL(fabs, (fabs)((0.0 / zero)));
    CALL(fabs, (fabs)((1.0 / zero)));
    CALL(fabsf, (fabsf)(0.0));
    CALL(fabsf, (fabsf)(-1.5));
    CALL(fabsf, (fabsf)((0.0 / zero)));
    CALL(fabsf, (fabsf)((1.0 / zero)));
    CALL(fabsl, (fabsl)(0.0));
    CALL(fabsl, (fabsl)(-1.5));
    CALL(fabsl, (fabsl)((0.0 / zero)));
    CALL(fabsl, (fabsl)((1.0 / zero)));
    CALL(fdim, (fdim)(0.0, 0.0));
    CALL(fdim, (fdim)(-1.5, -1.5));
    CALL(fdim, (fdim)((0.0 / zero), (0.0 / zero)));
    CALL(fdim, (fdim)((1.0 / zero), (1.0 / zero)));
    CALL(fdimf, (fdimf)(0.0, 0.0));
    CALL(fdimf, (fdimf)(-1.5, -1.5));
    CALL(fdimf, (fdimf)((0.0 / zero), (0.0 / zero)));
    CALL(fdimf, (fdimf)((1.0 / zero), (1.0 / zero)));
    CALL(fdiml, (fdiml)(0.0, 0.0));
    CALL(fdiml, (fdiml)(-1.5, -1.5));
    CALL(fdiml, (fdiml)((0.0 / zero), (0.0 / zero)));
    CALL(fdiml, (fdiml)((1.0 / zero), (1.0 / zero)));
    CALL(floor, (floor)(0.0));
    CALL(floor, (floor)(-1.5));
    CALL(floor, (floor)((0.0 / zero)));
    CALL(floor, (floor)((1.0 / zero)));
    CALL(floorf, (floorf)(0.0));
    CALL(floorf, (floorf)(-1.5));
    CALL(floorf, (floorf)((0.0 / zero)));
    CALL(floorf, (floorf)((1.0 / zero)));
    CALL(floorl, (floorl)(0.0));
    CALL(floorl, (floorl)(-1.5));
    CALL(floorl, (floorl)((0.0 / zero)));
    CALL(floorl, (floorl)((1.0 / zero)));
    CALL(fma, (fma)(0.0, 0.0, 0.0));
    CALL(fma, (fma)(-1.5, -1.5, -1.5));
    CALL(fma, (fma)((0.0 / zero), (0.0 / zero), (0.0 / zero)));
    CALL(fma, (fma)((1.0 / zero), (1.0 / zero), (1.0 / zero)));
    CALL(fmaf, (fmaf)(0.0, 0.0, 0.0));
    CALL(fmaf, (fmaf)(-1.5, -1.5, -1.5));
    CALL(fmaf, (fmaf)((0.0 / zero), (0.0 / zero), (0.0 / zero)));
    CALL(fmaf, (fmaf)((1.0 / zero), (1.0 / zero), (1.0 / zero)));
    CALL(fmax, (fmax)(0.0, 0.0));
    CALL(fmax, (fmax)(-1.5, -1.5));
    CALL(fmax, (fmax)((0.0 / zero), (0.0 / zero)));
    CALL(fmax, (fmax)((1.0 / zero), (1.0 / zero)));
    CALL(fmaxf, (fmaxf)(0.0, 0.0));
    CALL(fmaxf, (fmaxf)(-1.5, -1.5));
    CALL(fmaxf, (fmaxf)((0.0 / zero), (0.0 / zero)));
    CALL(fmaxf, (fmaxf)((1.0 / zero), (1.0 / zero)));
    CALL(fmaxl, (fmaxl)(0.0, 0.0));
    CALL(fmaxl, (fmaxl)(-1.5, -1.5));
    CALL(fmaxl, (fmaxl)((0.0 / zero), (0.0 / zero)));
    CALL(fmaxl, (fmaxl)((1.0 / zero), (1.0 / zero)));
    CALL(fmin, (fmin)(0.0, 0.0));
    CALL(fmin, (fmin)(-1.5, -1.5));
    CALL(fmin, (fmin)((0.0 / zero), (0.0 / zero)));
    CALL(fmin, (fmin)((1.0 / zero), (1.0 / zero)));
    CALL(fminf, (fminf)(0.0, 0.0));
    CALL(fminf, (fminf)(-1.5, -1.5));
    CALL(fminf, (fminf)((0.0 / zero), (0.0 / zero)));
    CALL(fminf, (fminf)((1.0 / zero), (1.0 / zero)));
    CALL(fminl, (fminl)(0.0, 0.0));
    CALL(fminl, (fminl)(-1.5, -1.5));
    CALL(fminl, (fminl)((0.0 / zero), (0.0 / zero)));
    CALL(fminl, (fminl)((1.0 / zero), (1.0 / zero)));
    CALL(fmod, (fmod)(0.0, 0.0));
    CALL(fmod, (fmod)(-1.5, -1.5));
    CALL(fmod, (fmod)((0.0 / zero), (0.0 / zero)));
    CALL(fmod, (fmod)((1.0 / zero), (1.0 / zero)));
    CALL(fmodf, (fmodf)(0.0, 0.0));
    CALL(fmodf, (fmodf)(-1.5, -1.5));
    CALL(fmodf, (fmodf)((0.0 / zero), (0.0 / zero)));
    CALL(fmodf, (fmodf)((1.0 / zero), (1.0 / zero)));
    CALL(fmodl, (fmodl)(0.0, 0.0));
    CALL(fmodl, (fmodl)(-1.5, -1.5));
    CALL(fmodl, (fmodl)((0.0 / zero), (0.0 / zero)));
    CALL(fmodl, (fmodl)((1.0 / zero), (1.0 / zero)));
    CALL(frexp, (frexp)(0.0, (void *)(buffer)));
    CALL(frexp, (frexp)(-1.5, (void *)(buffer)));
    CALL(frexp, (frexp)((0.0 / zero), (void *)(buffer)));
    CALL(frexp, (frexp)((1.0 / zero), (void *)(buffer)));
    CALL(frexpf, (frexpf)(0.0, (void *)(buffer)));
    CALL(frexpf, (frexpf)(-1.5, (void *)(buffer)));
    CALL(frexpf, (frexpf)((0.0 / zero), (void *)(buffer)));
    CALL(frexpf, (frexpf)((1.0 / zero), (void *)(buffer)));
    CALL(frexpl, (frexpl)(0.0, (void *)(buffer)));
    CALL(frexpl, (frexpl)(-1.5, (void *)(buffer)));
    CALL(frexpl, (frexpl)((0.0 / zero), (void *)(buffer)));
    CALL(frexpl, (frexpl)((1.0 / zero), (void *)(buffer)));
    CALL(hypot, (hypot)(0.0, 0.0));
    CALL(hypot, (hypot)(-1.5, -1.5));
    CALL(hypot, (hypot)((0.0 / zero), (0.0 / zero)));
    CALL(hypot, (hypot)((1.0 / zero), (1.0 / zero)));
    CALL(hypotf, (hypotf)(0.0, 0.0));
    CALL(hypotf, (hypotf)(-1.5, -1.5));
    CALL(hypotf, (hypotf)((0.0 / zero), (0.0 / zero)));
    CALL(hypotf, (hypotf)((1.0 / zero), (1.0 / zero)));
    CALL(ilogb, (ilogb)(0.0));
    CALL(ilogb, (ilogb)(-1.5));
    CALL(ilogb, (ilogb)((0.0 / zero)));
    CALL(ilogb, (ilogb)((1.0 / zero)));
    CALL(ilogbf, (ilogbf)(0.0));
    CALL(ilogbf, (ilogbf)(-1.5));
    CALL(ilogbf, (ilogbf)((0.0 / zero)));
    CALL(ilogbf, (ilogbf)((1.0 / zero)));
    CALL(ilogbl, (ilogbl)(0.0));
    CALL(ilogbl, (ilogbl)(-1.5));
    CALL(ilogbl, (ilogbl)((0.0 / zero)));
    CALL(ilogbl, (ilogbl)((1.0 / zero)));
    CALL(j0, (j0)(0.0));
    CALL(j0, (j0)(-1.5));
    CALL(j0, (j0)((0.0 / zero)));
    CALL(j0, (j0)((1.0 / zero)));
    CALL(j0f, (j0f)(0.0));
    CALL(j0f, (j0f)(-1.5));
    CALL(j0f, (j0f)((0.0 / zero)));
    CALL(j0f, (j0f)((1.0 / zero)));
    CALL(j1, (j1)(0.0));
    CALL(j1, (j1)(-1.5));
    CALL(j1, (j1)((0.0 / zero)));
    CALL(j1, (j1)((1.0 / zero)));
    CALL(j1f, (j1f)(0.0));
    CALL(j1f, (j1f)(-1.5));
    CALL(j1f, (j1f)((0.0 / zero)));
    CALL(j1f, (j1f)((1.0 / zero)));
    CALL(jn, (jn)(-1, 0.0));
    CALL(jn, (jn)(0, -1.5));
    CALL(jn, (jn)(1, (0.0 / zero)));
    CALL(jn, (jn)(0x7fffffff, (1.0 / zero)));
    CALL(jnf, (jnf)(-1, 0.0));
    CALL(jnf, (jnf)(0, -1.5));
    CALL(jnf, (jnf)(1, (0.0 / zero)));
    CALL(jnf, (jnf)(0x7fffffff, (1.0 / zero)));
    CALL(ldexp, (ldexp)(0.0, -1));
    CALL(ldexp, (ldexp)(-1.5, 0));
    CALL(ldexp, (ldexp)((0.0 / zero), 1));
    CALL(ldexp, (ldexp)((1.0 / zero), 0x7fffffff));
    CALL(ldexpf, (ldexpf)(0.0, -1));
    CALL(ldexpf, (ldexpf)(-1.5, 0));
    CALL(ldexpf, (ldexpf)((0.0 / zero), 1));
    CALL(ldexpf, (ldexpf)((1.0 / zero), 0x7fffffff));
    CALL(ldexpl, (ldexpl)(0.0, -1));
    CALL(ldexpl, (ldexpl)(-1.5, 0));
    CALL(ldexpl, (ldexpl)((0.0 / zero), 1));
    CALL(ldexpl, (ldexpl)((1.0 / zero), 0x7fffffff));
    CALL(lgamma, (lgamma)(0.0));
    CALL(lgamma, (lgamma)(-1.5));
    CALL(lgamma, (lgamma)((0.0 / zero)));
    CALL(lgamma, (lgamma)((1.0 / zero)));
    CALL(lgamma_r, (lgamma_r)(0.0, (void *)(buffer)));
    CALL(lgamma_r, (lgamma_r)(-1.5, (void *)(buffer)));
    CALL(lgamma_r, (lgamma_r)((0.0 / zero), (void *)(buffer)));
    CALL(lgamma_r, (lgamma_r)((1.0 / zero), (void *)(buffer)));
    CALL(lgammaf, (lgammaf)(0.0));
    CALL(lgammaf, (lgammaf)(-1.5));
    CALL(lgammaf, (lgammaf)((0.0 / zero)));
    CALL(lgammaf, (lgammaf)((1.0 / zero)));
    CALL(lgammaf_r, (lgammaf_r)(0.0, (void *)(buffer)));
    CALL(lgammaf_r, (lgammaf_r)(-1.5, (void *)(buffer)));
    CALL(lgammaf_r, (lgammaf_r)((0.0 / zero), (void *)(buffer)));
    CALL(lgammaf_r, (lgammaf_r)((1.0 / zero), (void *)(buffer)));
    CALL(llrint, (llrint)(0.0));
    CALL(llrint, (llrint)(-1.5));
    CALL(llrint, (llrint)((0.0 / zero)));
    CALL(llrint, (llrint)((1.0 / zero)));
    CALL(llrintf, (llrintf)(0.0));
    CALL(llrintf, (llrintf)(-1.5));
    CALL(llrintf, (llrintf)((0.0 / zero)));
    CALL(llrintf, (llrintf)((1.0 / zero)));
    CALL(llrintl, (llrintl)(0.0));
    CALL(llrintl, (llrintl)(-1.5));
    CALL(llrintl, (llrintl)((0.0 / zero)));
    CALL(llrintl, (llrintl)((1.0 / zero)));
    CALL(llround, (llround)(0.0));
    CALL(llround, (llround)(-1.5));
    CALL(llround, (llround)((0.0 / zero)));
    CALL(llround, (llround)((1.0 / zero)));
    CALL(llroundf, (llroundf)(0.0));
    CALL(llroundf, (llroundf)(-1.5));
    CALL(llroundf, (llroundf)((0.0 / zero)));
    CALL(llroundf, (llroundf)((1.0 / zero)));
    CALL(llroundl, (llroundl)(0.0));
    CALL(llroundl, (llroundl)(-1.5));
    CALL(llroundl, (llroundl)((0.0 / zero)));
    CALL(llroundl, (llroundl)((1.0 / zero)));
    CALL(log, (log)(0.0));
    CALL(log, (log)(-1.5));
    CALL(log, (log)((0.0 / zero)));
    CALL(log, (log)((1.0 / zero)));
    CALL(log10, (log10)(0.0));
    CALL(log10, (log10)(-1.5));
    CALL(log10, (log10)((0.0 / zero)));
    CALL(log10, (log10)((1.0 / zero)));
    CALL(log10f, (log10f)(0.0));
    CALL(log10f, (log10f)(-1.5));
    CALL(log10f, (log10f)((0.0 / zero)));
    CALL(log10f, (log10f)((1.0 / zero)));
    CALL(log1p, (log1p)(0.0));
    CALL(log1p, (log1p)(-1.5));
    CALL(log1p, (log1p)((0.0 / zero)));
    CALL(log1p, (log1p)((1.0 / zero)));
    CALL(log1pf, (log1pf)(0.0));
    CALL(log1pf, (log1pf)(-1.5));
    CALL(log1pf, (log1pf)((0.0 / zero)));
    CALL(log1pf, (log1pf)((1.0 / zero)));
    CALL(log2, (log2)(0.0));
    CALL(log2, (log2)(-1.5));
    CALL(log2, (log2)((0.0 / zero)));
    CALL(log2, (log2)((1.0 / zero)));
    CALL(log2f, (log2f)(0.0));
    CALL(log2f, (log2f)(-1.5));
    CALL(log2f, (log2f)((0.0 / zero)));
    CALL(log2f, (log2f)((1.0 / zero)));
    CALL(logb, (logb)(0.0));
    CALL(logb, (logb)(-1.5));
    CALL(logb, (logb)((0.0 / zero)));
    CALL(logb, (logb)((1.0 / zero)));
    CALL(logbf, (logbf)(0.0));
    CALL(logbf, (logbf)(-1.5));
    CALL(logbf, (logbf)((0.0 / zero)));
    CALL(logbf, (logbf)((1.0 / zero)));
    CALL(logbl, (logbl)(0.0));
    CALL(logbl, (logbl)(-1.5));
    CALL(logbl, (logbl)((0.0 / zero)));
    CALL(logbl, (logbl)((1.0 / zero)));
    CALL(logf, (logf)(0.0));
    CALL(logf, (logf)(-1.5));
    CALL(logf, (logf)((0.0 / zero)));
    CALL(logf, (logf)((1.0 / zero)));
    CALL(lrint, (lrint)(0.0));
    CALL(lrint, (lrint)(-1.5));
    CALL(lrint, (lrint)((0.0 / zero)));
    CALL(lrint, (lrint)((1.0 / zero)));
    CALL(lrintf, (lrintf)(0.0));
    CALL(lrintf, (lrintf)(-1.5));
    CALL(lrintf, (lrintf)((0.0 / zero)));
    CALL(lrintf, (lrintf)((1.0 / zero)));
    CALL(lrintl, (lrintl)(0.0));
    CALL(lrintl, (lrintl)(-1.5));
    CALL(lrintl, (lrintl)((0.0 / zero)));
    CALL(lrintl, (lrintl)((1.0 / zero)));
    CALL(lround, (lround)(0.0));
    CALL(lround, (lround)(-1.5));
    CALL(lround, (lround)((0.0 / zero)));
    CALL(lround, (lround)((1.0 / zero)));
    CALL(lroundf, (lroundf)(0.0));
    CALL(lroundf, (lroundf)(-1.5));
    CALL(lroundf, (lroundf)((0.0 / zero)));
    CALL(lroundf, (lroundf)((1.0 / zero)));
    CALL(lroundl, (lroundl)(0.0));
    CALL(lroundl, (lroundl)(-1.5));
    CALL(lroundl, (lroundl)((0.0 / zero)));
    CALL(lroundl, (lroundl)((1.0 / zero)));
    CALL(modf, (modf)(0.0, (void *)(buffer)));
    CALL(modf, (modf)(-1.5, (void *)(buffer)));
    CALL(modf, (modf)((0.0 / zero), (void *)(buffer)));
    CALL(modf, (modf)((1.0 / zero), (void *)(buffer)));
    CALL(modff, (modff)(0.0, (void *)(buffer)));
    CALL(modff, (modff)(-1.5, (void *)(buffer)));
    CALL(modff, (modff)((0.0 / zero), (void *)(buffer)));
    CALL(modff, (modff)((1.0 / zero), (void *)(buffer)));
    CALL(modfl, (modfl)(0.0, (void *)(buffer)));
    CALL(modfl, (modfl)(-1.5, (void *)(buffer)));
    CALL(modfl, (modfl)((0.0 / zero), (void *)(buffer)));
    CALL(modfl, (modfl)((1.0 / zero), (void *)(buffer)));
    CALL(nan, (nan)(""));
    CALL(nan, (nan)("1"));
    CALL(nan, (nan)(long_text));
    CALL(nan, (nan)("/none/x"));
    CALL(nanf, (nanf)(""));
    CALL(nanf, (nanf)("1"));
    CALL(nanf, (nanf)(long_text));
    CALL(nanf, (nanf)("/none/x"));
    CALL(nanl, (nanl)(""));
    CALL(nanl, (nanl)("1"));
    CALL(nanl, (nanl)(long_text));
    CALL(nanl, (nanl)("/none/x"));
    CALL(nearbyint, (nearbyint)(0.0));
    CALL(nearbyint, (nearbyint)(-1.5));
    CALL(nearbyint, (nearbyint)((0.0 / zero)));
    CALL(nearbyint, (nearbyint)((1.0 / zero)));
    CALL(nearbyintf, (nearbyintf)(0.0));
    CALL(nearbyintf, (nearbyintf)(-1.5));
    CALL(nearbyintf, (nearbyintf)((0.0 / zero)));
    CALL(nearbyintf, (nearbyintf)((1.0 / zero)));
    CALL(nearbyintl, (nearbyintl)(0.0));
    CALL(nearbyintl, (nearbyintl)(-1.5));
    CALL(nearbyintl, (nearbyintl)((0.0 / zero)));
    CALL(nearbyintl, (nearbyintl)((1.0 / zero)));
    CALL(nextafter, (nextafter)(0.0, 0.0));
    CALL(nextafter, (nextafter)(-1.5, -1.5));
    CALL(nextafter, (nextafter)((0.0 / zero), (0.0 / zero)));
    CALL(nextafter, (nextafter)((1.0 / zero), (1.0 / zero)));
    CALL(nextafterf, (nextafterf)(0.0, 0.0));
    CALL(nextafterf, (nextafterf)(-1.5, -1.5));
    CALL(nextafterf, (nextafterf)((0.0 / zero), (0.0 / zero)));
    CALL(nextafterf, (nextafterf)((1.0 / zero), (1.0 / zero)));
    CALL(nextafterl, (nextafterl)(0.0, 0.0));
    CALL(nextafterl, (nextafterl)(-1.5, -1.5));
    CALL(nextafterl, (nextafterl)((0.0 / zero), (0.0 / zero)));
    CALL(nextafterl, (nextafterl)((1.0 / zero), (1.0 / zero)));
    CALL(nexttoward, (nexttoward)(0.0, 0.0));
    CALL(nexttoward, (nexttoward)(-1.5, -1.5));
    CALL(nexttoward, (nexttoward)((0.0 / zero), (0.0 / zero)));
    CALL(nexttoward, (nexttoward)((1.0 / zero), (1.0 / zero)));
    CALL(nexttowardf, (nexttowardf)(0.0, 0.0));
    CALL(nexttowardf, (nexttowardf)(-1.5, -1.5));
    CALL(nexttowardf, (nexttowardf)((0.0 / zero), (0.0 / zero)));
    CALL(nexttowardf, (nexttowardf)((1.0 / zero), (1.0 / zero)));
    CALL(nexttowardl, (nexttowardl)(0.0, 0.0));
    CALL(nexttowardl, (nexttowardl)(-1.5, -1.5));
    CALL(nexttowardl, (nexttowardl)((0.0 / zero), (0.0 / zero)));
    CALL(nexttowardl, (nexttowardl)((1.0 / zero), (1.0 / zero)));
    CALL(pow, (pow)(0.0, 0.0));
    CALL(pow, (pow)(-1.5, -1.5));
    CALL(pow, (pow)((0.0 / zero), (0.0 / zero)));
    CALL(pow, (pow)((1.0 / zero), (1.0 / zero)));
    CALL(powf, (powf)(0.0, 0.0));
    CALL(powf, (powf)(-1.5, -1.5));
    CALL(powf, (powf)((0.0 / zero), (0.0 / zero)));
    CALL(powf, (powf)((1.0 / zero), (1.0 / zero)));
    CALL(remainder, (remainder)(0.0, 0.0));
    CALL(remainder, (remainder)(-1.5, -1.5));
    CALL(remainder, (remainder)((0.0 / zero), (0.0 / zero)));
    CALL(remainder, (remainder)((1.0 / zero), (1.0 / zero)));
    CALL(remainderf, (remainderf)(0.0, 0.0));
    CALL(remainderf, (remainderf)(-1.5, -1.5));
    CALL(remainderf, (remainderf)((0.0 / zero), (0.0 / zero)));
    CALL(remainderf, (remainderf)((1.0 / zero), (1.0 / zero)));
    CALL(remainderl, (remainderl)(0.0, 0.0));
    CALL(remainderl, (remainderl)(-1.5, -1.5));
    CALL(remainderl, (remainderl)((0.0 / zero), (0.0 / zero)));
    CALL(remainderl, (remainderl)((1.0 / zero), (1.0 / zero)));
    CALL(remquo, (remquo)(0.0, 0.0, (void *)(buffer)));
    CALL(remquo, (remquo)(-1.5, -1.5, (void *)(buffer)));
    CALL(remquo, (remquo)((0.0 / zero), (0.0 / zero), (void *)(buffer)));
    CALL(remquo, (remquo)((1.0 / zero), (1.0 / zero), (void *)(buffer)));
    CALL(remquof, (remquof)(0.0, 0.0, (void *)(buffer)));
    CALL(remquof, (remquof)(-1.5, -1.5, (void *)(buffer)));
    CALL(remquof, (remquof)((0.0 / zero), (0.0 / zero), (void *)(buffer)));
    CALL(remquof, (remquof)((1.0 / zero), (1.0 / zero), (void *)(buffer)));
    CALL(remquol, (remquol)(0.0, 0.0, (void *)(buffer)));
    CALL(remquol, (remquol)(-1.5, -1.5, (void *)(buffer)));
    CALL(remquol, (remquol)((0.0 / zero), (0.0 / zero), (void *)(buffer)));
    CALL(remquol, (remquol)((1.0 / zero), (1.0 / zero), (void *)(buffer)));
    CALL(rint, (rint)(0.0));
    CALL(rint, (rint)(-1.5));
    CALL(rint, (rint)((0.0 / zero)));
    CALL(rint, (rint)((1.0 / zero)));
    CALL(rintf, (rintf)(0.0));
    CALL(rintf, (rintf)(-1.5));
    CALL(rintf, (rintf)((0.0 / zero)));
    CALL(rintf, (rintf)((1.0 / zero)));
    CALL(rintl, (rintl)(0.0));
    CALL(rintl, (rintl)(-1.5));
    CALL(rintl, (rintl)((0.0 / zero)));
    CALL(rintl, (rintl)((1.0 / zero)));
    CALL(round, (round)(0.0));
    CALL(round, (round)(-1.5));
    CALL(round, (round)((0.0 / zero)));
    CALL(round, (round)((1.0 / zero)));
    CALL(roundeven, (roundeven)(0.0));
    CALL(roundeven, (roundeven)(-1.5));
    CALL(roundeven, (roundeven)((0.0 / zero)));
    CALL(roundeven, (roundeven)((1.0 / zero)));
    CALL(roundevenf, (roundevenf)(0.0));
    CALL(roundevenf, (roundevenf)(-1.5));
    CALL(roundevenf, (roundevenf)((0.0 / zero)));
    CALL(roundevenf, (roundevenf)((1.0 / zero)));
    CALL(roundf, (roundf)(0.0));
    CALL(roundf, (roundf)(-1.5));
    CALL(roundf, (roundf)((0.0 / zero)));
    CALL(roundf, (roundf)((1.0 / zero)));
    CALL(roundl, (roundl)(0.0));
    CALL(roundl, (roundl)(-1.5));
    CALL(roundl, (roundl)((0.0 / zero)));
    CALL(roundl, (roundl)((1.0 / zero)));
    CALL(scalbln, (scalbln)(0.0, -1));
    CALL(scalbln, (scalbln)(-1.5, 0));
    CALL(scalbln, (scalbln)((0.0 / zero), 1));
    CALL(scalbln, (scalbln)((1.0 / zero), 0x7fffffffffffffff));
    CALL(scalblnf, (scalblnf)(0.0, -1));
    CALL(scalblnf, (scalblnf)(-1.5, 0));
    CALL(scalblnf, (scalblnf)((0.0 / zero), 1));
    CALL(scalblnf, (scalblnf)((1.0 / zero), 0x7fffffffffffffff));
    CALL(scalblnl, (scalblnl)(0.0, -1));
    CALL(scalblnl, (scalblnl)(-1.5, 0));
    CALL(scalblnl, (scalblnl)((0.0 / zero), 1));
    CALL(scalblnl, (scalblnl)((1.0 / zero), 0x7fffffffffffffff));
    CALL(scalbn, (scalbn)(0.0, -1));
    CALL(scalbn, (scalbn)(-1.5, 0));
    CALL(scalbn, (scalbn)((0.0 / zero), 1));
    CALL(scalbn, (scalbn)((1.0 / zero), 0x7fffffff));
    CALL(scalbnf, (scalbnf)(0.0, -1));
    CALL(scalbnf, (scalbnf)(-1.5, 0));
    CALL(scalbnf, (scalbnf)((0.0 / zero), 1));
    CALL(scalbnf, (scalbnf)((1.0 / zero), 0x7fffffff));
    CALL(scalbnl, (scalbnl)(0.0, -1));
    CALL(scalbnl, (scalbnl)(-1.5, 0));
    CALL(scalbnl, (scalbnl)((0.0 / zero), 1));
    CALL(scalbnl, (scalbnl)((1.0 / zero), 0x7fffffff));
    CALL(sin, (sin)(0.0));
    CALL(sin, (sin)(-1.5));
    CALL(sin, (sin)((0.0 / zero)));
    CALL(sin, (sin)((1.0 / zero)));
    CALL(sincos, (sincos)(0.0, (void *)(buffer), (void *)(buffer)));
    CALL(sincos, (sincos)(-1.5, (void *)(buffer), (void *)(buffer)));
    CALL(sincos, (sincos)((0.0 / zero), (void *)(buffer), (void *)(buffer)));
    CALL(sincos, (sincos)((1.0 / zero), (void *)(buffer), (void *)(buffer)));
    CALL(sincosf, (sincosf)(0.0, (void *)(buffer), (void *)(buffer)));
    CALL(sincosf, (sincosf)(-1.5, (void *)(buffer), (void *)(buffer)));
    CALL(sincosf, (sincosf)((0.0 / zero), (void *)(buffer), (void *)(buffer)));
    CALL(sincosf, (sincosf)((1.0 / zero), (void *)(buffer), (void *)(buffer)));
    CALL(sinf, (sinf)(0.0));
    CALL(sinf, (sinf)(-1.5));
    CALL(sinf, (sinf)((0.0 / zero)));
    CALL(sinf, (sinf)((1.0 / zero)));
    CALL(sinh, (sinh)(0.0));
    CALL(sinh, (sinh)(-1.5));
    CALL(sinh, (sinh)((0.0 / zero)));
    CALL(sinh, (sinh)((1.0 / zero)));
    CALL(sinhf, (sinhf)(0.0));
    CALL(sinhf, (sinhf)(-1.5));
    CALL(sinhf, (sinhf)((0.0 / zero)));
    CALL(sinhf, (sinhf)((1.0 / zero)));
    CALL(sqrt, (sqrt)(0.0));
    CALL(sqrt, (sqrt)(-1.5));
    CALL(sqrt, (sqrt)((0.0 / zero)));
    CALL(sqrt, (sqrt)((1.0 / zero)));
    CALL(sqrtf, (sqrtf)(0.0));
    CALL(sqrtf, (sqrtf)(-1.5));
    CALL(sqrtf, (sqrtf)((0.0 / zero)));
    CALL(sqrtf, (sqrtf)((1.0 / zero)));
    CALL(sqrtl, (sqrtl)(0.0));
    CALL(sqrtl, (sqrtl)(-1.5));
    CALL(sqrtl, (sqrtl)((0.0 / zero)));
    CALL(sqrtl, (sqrtl)((1.0 / zero)));
    CALL(tan, (tan)(0.0));
    CALL(tan, (tan)(-1.5));
    CALL(tan, (tan)((0.0 / zero)));
    CALL(tan, (tan)((1.0 / zero)));
    CALL(tanf, (tanf)(0.0));
    CALL(tanf, (tanf)(-1.5));
    CALL(tanf, (tanf)((0.0 / zero)));
    CALL(tanf, (tanf)((1.0 / zero)));
    CALL(tanh, (tanh)(0.0));
    CALL(tanh, (tanh)(-1.5));
    CALL(tanh, (tanh)((0.0 / zero)));
    CALL(tanh, (tanh)((1.0 / zero)));
    CALL(tanhf, (tanhf)(0.0));
    CALL(tanhf, (tanhf)(-1.5));
    CALL(tanhf, (tanhf)((0.0 / zero)));
    CALL(tanhf, (tanhf)((1.0 / zero)));
    CALL(tgamma, (tgamma)(0.0));
    CALL(tgamma, (tgamma)(-1.5));
    CALL(tgamma, (tgamma)((0.0 / zero)));
    CALL(tgamma, (tgamma)((1.0 / zero)));
    CALL(tgammaf, (tgammaf)(0.0));
    CALL(tgammaf, (tgammaf)(-1.5));
    CALL(tgammaf, (tgammaf)((0.0 / zero)));
    CALL(tgammaf, (tgammaf)((1.0 / zero)));
    CALL(trunc, (trunc)(0.0));
    CALL(trunc, (trunc)(-1.5));
    CALL(trunc, (trunc)((0.0 / zero)));
    CALL(trunc, (trunc)((1.0 / zero)));
    CALL(truncf, (truncf)(0.0));
    CALL(truncf, (truncf)(-1.5));
    CALL(truncf, (truncf)((0.0 / zero)));
    CALL(truncf, (truncf)((1.0 / zero)));
    CALL(truncl, (truncl)(0.0));
    CALL(truncl, (truncl)(-1.5));
    CALL(truncl, (truncl)((0.0 / zero)));
    CALL(truncl, (truncl)((1.0 / zero)));
    CALL(y0, (y0)(0.0));
    CALL(y0, (y0)(-1.5));
    CALL(y0, (y0)((0.0 / zero)));
    CALL(y0, (y0)((1.0 / zero)));
    CALL(y0f, (y0f)(0.0));
    CALL(y0f, (y0f)(-1.5));
    CALL(y0f, (y0f)((0.0 / zero)));
    CALL(y0f, (y0f)((1.0 / zero)));
    CALL(y1, (y1)(0.0));
    CALL(y1, (y1)(-1.5));
    CALL(y1, (y1)((0.0 / zero)));
    CALL(y1, (y1)((1.0 / zero)));
    CALL(y1f, (y1f)(0.0));
    CALL(y1f, (y1f)(-1.5));
    CALL(y1f, (y1f)((0.0 / zero)));
    CALL(y1f, (y1f)((1.0 / zero)));
    CALL(yn, (yn)(-1, 0.0));
    CALL(yn, (yn)(0, -1.5));
    CALL(yn, (yn)(1, (0.0 / zero)));
    CALL(yn, (yn)(0x7fffffff, (1.0 / zero)));
    CALL(ynf, (ynf)(-1, 0.0));
    CALL(ynf, (ynf)(0, -1.5));
    CALL(ynf, (ynf)(1, (0.0 / zero)));
    CALL(ynf, (ynf)(0x7fffffff, (1.0 / zero)));
}

/* <net/if.h> */
static void call_net_if_h(int first, ...)
{
    CALL(if_freenameindex, (if_freenameindex)((void *)(buffer)));
    CALL(if_indextoname, (if_indextoname)(-1, (void *)(buffer)));
    CALL(if_indextoname, (if_indextoname)(0, (void *)(buffer)));
    CALL(if_indextoname, (if_indextoname)(1, (void *)(buffer)));
    CALL(if_indextoname, (if_indextoname)(0x7fffffff, (void *)(buffer)));
    CALL(if_nameindex, (if_nameindex)());
    CALL(if_nametoindex, (if_nametoindex)(""));
    CALL(if_nametoindex, (if_nametoindex)("1"));
    CALL(if_nametoindex, (if_nametoindex)(long_text));
    CALL(if_nametoindex, (if_nametoindex)("/none/x"));
}

/* <netdb.h> */
static void call_netdb_h(int first, ...)
{
    CALL(__h_errno_location, (__h_errno_location)());
    CALL(endhostent, (endhostent)());
    CALL(endnetent, (endnetent)());
    CALL(endprotoent, (endprotoent)());
    CALL(endservent, (endservent)());
    CALL(freeaddrinfo, freeaddrinfo(NULL));
    CALL(gai_strerror, (gai_strerror)(-1));
    CALL(gai_strerror, (gai_strerror)(0));
    CALL(gai_strerror, (gai_strerror)(1));
    CALL(gai_strerror, (gai_strerror)(0x7fffffff));
    CALL(getaddrinfo, (getaddrinfo)("", "", (void *)(buffer), (void *)(buffer)));
    CALL(getaddrinfo, (getaddrinfo)("1", "1", (void *)(buffer), (void *)(buffer)));
    CALL(getaddrinfo, (getaddrinfo)(long_text, long_text, (void *)(buffer), (void *)(buffer)));
    CALL(getaddrinfo, (getaddrinfo)("/none/x", "/none/x", (void *)(buffer), (void *)(buffer)));
    CALL(gethostbyaddr, (gethostbyaddr)((void *)(buffer), 0, -1));
    CALL(gethostbyaddr, (gethostbyaddr)((void *)(buffer), 8, 0));
    CALL(gethostbyaddr, (gethostbyaddr)((void *)(buffer), 1, 1));
    CALL(gethostbyaddr, (gethostbyaddr)((void *)(buffer), 64, 0x7fffffff));
    CALL(gethostbyaddr_r, (gethostbyaddr_r)((void *)(buffer), 0, -1, (void *)(buffer), (void *)(buffer), 0, (void *)(buffer), (void *)(buffer)));
    CALL(gethostbyaddr_r, (gethostbyaddr_r)((void *)(buffer), 8, 0, (void *)(buffer), (void *)(buffer), 8, (void *)(buffer), (void *)(buffer)));
    CALL(gethostbyaddr_r, (gethostbyaddr_r)((void *)(buffer), 1, 1, (void *)(buffer), (void *)(buffer), 1, (void *)(buffer), (void *)(buffer)));
    CALL(gethostbyaddr_r, (gethostbyaddr_r)((void *)(buffer), 64, 0x7fffffff, (void *)(buffer), (void *)(buffer), 64, (void *)(buffer), (void *)(buffer)));
    CALL(gethostbyname, (gethostbyname)(""));
    CALL(gethostbyname, (gethostbyname)("1"));
    CALL(gethostbyname, (gethostbyname)(long_text));
    CALL(gethostbyname, (gethostbyname)("/none/x"));
    CALL(gethostbyname_r, (gethostbyname_r)("", (void *)(buffer), (void *)(buffer), 0, (void *)(buffer), (void *)(buffer)));
    CALL(gethostbyname_r, (gethostbyname_r)("1", (void *)(buffer), (void *)(buffer), 8, (void *)(buffer), (void *)(buffer)));
    CALL(gethostbyname_r, (gethostbyname_r)(long_text, (void *)(buffer), (void *)(buffer), 1, (void *)(buffer), (void *)(buffer)));
    CALL(gethostbyname_r, (gethostbyname_r)("/none/x", (void *)(buffer), (void *)(buffer), 64, (void *)(buffer), (void *)(buffer)));
    CALL(gethostent, (gethostent)());
    CALL(getnameinfo, (getnameinfo)((void *)(buffer), 0, (void *)(buffer), 0, (void *)(buffer), 0, -1));
    CALL(getnameinfo, (getnameinfo)((void *)(buffer), 8, (void *)(buffer), 8, (void *)(buffer), 8, 0));
    CALL(getnameinfo, (getnameinfo)((void *)(buffer), 1, (void *)(buffer), 1, (void *)(buffer), 1, 1));
    CALL(getnameinfo, (getnameinfo)((void *)(buffer), 64, (void *)(buffer), 64, (void *)(buffer), 64, 0x7fffffff));
    CALL(getnetbyaddr, (getnetbyaddr)(-1, -1));
    CALL(getnetbyaddr, (getnetbyaddr)(0, 0));
    CALL(getnetbyaddr, (getnetbyaddr)(1, 1));
    CALL(getnetbyaddr, (getnetbyaddr)(0x7fffffff, 0x7fffffff));
    CALL(getnetbyname, (getnetbyname)(""));
    CALL(getnetbyname, (getnetbyname)("1"));
    CALL(getnetbyname, (getnetbyname)(long_text));
    CALL(getnetbyname, (getnetbyname)("/none/x"));
    CALL(getnetent, (getnetent)());
    CALL(getprotobyname, (getprotobyname)(""));
    CALL(getprotobyname, (getprotobyname)("1"));
    CALL(getprotobyname, (getprotobyname)(long_text));
    CALL(getprotobyname, (getprotobyname)("/none/x"));
    CALL(getprotobynumber, (getprotobynumber)(-1));
    CALL(getprotobynumber, (getprotobynumber)(0));
    CALL(getprotobynumber, (getprotobynumber)(1));
    CALL(getprotobynumber, (getprotobynumber)(0x7fffffff));
    CALL(getprotoent, (getprotoent)());
    CALL(getservbyname, (getservbyname)("", ""));
    CALL(getservbyname, (getservbyname)("1", "1"));
    CALL(getservbyname, (getservbyname)(long_text, long_text));
    CALL(getservbyname, (getservbyname)("/none/x", "/none/x"));
    CALL(getservbyport, (getservbyport)(-1, ""));
    CALL(getservbyport, (getservbyport)(0, "1"));
    CALL(getservbyport, (getservbyport)(1, long_text));
    CALL(getservbyport, (getservbyport)(0x7fffffff, "/none/x"));
    CALL(getservent, (getservent)());
    CALL(hstrerror, (hstrerror)(-1));
    CALL(hstrerror, (hstrerror)(0));
    CALL(hstrerror, (hstrerror)(1));
    CALL(hstrerror, (hstrerror)(0x7fffffff));
    CALL(sethostent, (sethostent)(-1));
    CALL(sethostent, (sethostent)(0));
    CALL(sethostent, (sethostent)(1));
    CALL(sethostent, (sethostent)(0x7fffffff));
    CALL(setnetent, (setnetent)(-1));
    CALL(setnetent, (setnetent)(0));
    CALL(setnetent, (setnetent)(1));
    CALL(setnetent, (setnetent)(0x7fffffff));
    CALL(setprotoent, (setprotoent)(-1));
    CALL(setprotoent, (setprotoent)(0));
    CALL(setprotoent, (setprotoent)(1));
    CALL(setprotoent, (setprotoent)(0x7fffffff));
    CALL(setservent, (setservent)(-1));
    CALL(setservent, (setservent)(0));
    CALL(setservent, (setservent)(1));
    CALL(setservent, (setservent)(0x7fffffff));
}

/* <netinet/in.h> */
static void call_netinet_in_h(int first, ...)
{
    CALL(htonl, (htonl)(-1));
    CALL(htonl, (htonl)(0));
    CALL(htonl, (htonl)(1));
    CALL(htonl, (htonl)(0x7fffffff));
    CALL(htonl, (htonl)(-1));
    CALL(htonl, (htonl)(0));
    CALL(htonl, (htonl)(1));
    CALL(htonl, (htonl)(0x7fffffff));
    CALL(htons, (htons)(-1));
    CALL(htons, (htons)(0));
    CALL(htons, (htons)(1));
    CALL(htons, (htons)(0x7fffffff));
    CALL(htons, (htons)(-1));
    CALL(htons, (htons)(0));
    CALL(htons, (htons)(1));
    CALL(htons, (htons)(0x7fffffff));
    CALL(ntohl, (ntohl)(-1));
    CALL(ntohl, (ntohl)(0));
    CALL(ntohl, (ntohl)(1));
    CALL(ntohl, (ntohl)(0x7fffffff));
    CALL(ntohl, (ntohl)(-1));
    CALL(ntohl, (ntohl)(0));
    CALL(ntohl, (ntohl)(1));
    CALL(ntohl, (ntohl)(0x7fffffff));
    CALL(ntohs, (ntohs)(-1));
    CALL(ntohs, (ntohs)(0));
    CALL(ntohs, (ntohs)(1));
    CALL(ntohs, (ntohs)(0x7fffffff));
    CALL(ntohs, (ntohs)(-1));
    CALL(ntohs, (ntohs)(0));
    CALL(ntohs, (ntohs)(1));
    CALL(ntohs, (ntohs)(0x7fffffff));
}

/* <nolibc.h> */
static void call_nolibc_h(int first, ...)
{
    /* not called: _nolibc_init: ends the program */
    /* not called: _nolibc_init_cmdline: ends the program */
    CALL(_nolibc_malloc_verify, (_nolibc_malloc_verify)());
    CALL(_nolibc_malloc_check, (_nolibc_malloc_check)());
    /* not called: _nolibc_start: ends the program */
}

/* <poll.h> */
static void call_poll_h(int first, ...)
{
    CALL(poll, poll((struct pollfd *)buffer, 1, 0));
    CALL(poll, poll(NULL, 1, 0));
    CALL(poll, poll((struct pollfd *)buffer, (nfds_t)-1, 0));
    CALL(ppoll, (ppoll)((void *)(buffer), 0, (void *)(buffer), (void *)(buffer)));
    CALL(ppoll, (ppoll)((void *)(buffer), 8, (void *)(buffer), (void *)(buffer)));
    CALL(ppoll, (ppoll)((void *)(buffer), 1, (void *)(buffer), (void *)(buffer)));
    CALL(ppoll, (ppoll)((void *)(buffer), 64, (void *)(buffer), (void *)(buffer)));
}

/* <pthread.h> */
static void call_pthread_h(int first, ...)
{
    CALL(__nolibc_cleanup_pop, (__nolibc_cleanup_pop)(-1));
    CALL(__nolibc_cleanup_pop, (__nolibc_cleanup_pop)(0));
    CALL(__nolibc_cleanup_pop, (__nolibc_cleanup_pop)(1));
    CALL(__nolibc_cleanup_pop, (__nolibc_cleanup_pop)(0x7fffffff));
    CALL(__nolibc_cleanup_push, (__nolibc_cleanup_push)((void *)(buffer)));
    CALL(pthread_atfork, pthread_atfork(nothing, nothing, nothing));
    CALL(pthread_attr_destroy, (pthread_attr_destroy)((void *)(buffer)));
    CALL(pthread_attr_getdetachstate, (pthread_attr_getdetachstate)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_attr_getguardsize, (pthread_attr_getguardsize)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_attr_getinheritsched, (pthread_attr_getinheritsched)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_attr_getschedparam, (pthread_attr_getschedparam)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_attr_getschedpolicy, (pthread_attr_getschedpolicy)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_attr_getscope, (pthread_attr_getscope)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_attr_getstack, (pthread_attr_getstack)((void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(pthread_attr_getstacksize, (pthread_attr_getstacksize)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_attr_init, (pthread_attr_init)((void *)(buffer)));
    CALL(pthread_attr_setdetachstate, (pthread_attr_setdetachstate)((void *)(buffer), -1));
    CALL(pthread_attr_setdetachstate, (pthread_attr_setdetachstate)((void *)(buffer), 0));
    CALL(pthread_attr_setdetachstate, (pthread_attr_setdetachstate)((void *)(buffer), 1));
    CALL(pthread_attr_setdetachstate, (pthread_attr_setdetachstate)((void *)(buffer), 0x7fffffff));
    CALL(pthread_attr_setguardsize, (pthread_attr_setguardsize)((void *)(buffer), 0));
    CALL(pthread_attr_setguardsize, (pthread_attr_setguardsize)((void *)(buffer), 8));
    CALL(pthread_attr_setguardsize, (pthread_attr_setguardsize)((void *)(buffer), 1));
    CALL(pthread_attr_setguardsize, (pthread_attr_setguardsize)((void *)(buffer), 64));
    CALL(pthread_attr_setinheritsched, (pthread_attr_setinheritsched)((void *)(buffer), -1));
    CALL(pthread_attr_setinheritsched, (pthread_attr_setinheritsched)((void *)(buffer), 0));
    CALL(pthread_attr_setinheritsched, (pthread_attr_setinheritsched)((void *)(buffer), 1));
    CALL(pthread_attr_setinheritsched, (pthread_attr_setinheritsched)((void *)(buffer), 0x7fffffff));
    CALL(pthread_attr_setschedparam, (pthread_attr_setschedparam)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_attr_setschedpolicy, (pthread_attr_setschedpolicy)((void *)(buffer), -1));
    CALL(pthread_attr_setschedpolicy, (pthread_attr_setschedpolicy)((void *)(buffer), 0));
    CALL(pthread_attr_setschedpolicy, (pthread_attr_setschedpolicy)((void *)(buffer), 1));
    CALL(pthread_attr_setschedpolicy, (pthread_attr_setschedpolicy)((void *)(buffer), 0x7fffffff));
    CALL(pthread_attr_setscope, (pthread_attr_setscope)((void *)(buffer), -1));
    CALL(pthread_attr_setscope, (pthread_attr_setscope)((void *)(buffer), 0));
    CALL(pthread_attr_setscope, (pthread_attr_setscope)((void *)(buffer), 1));
    CALL(pthread_attr_setscope, (pthread_attr_setscope)((void *)(buffer), 0x7fffffff));
    CALL(pthread_attr_setstack, (pthread_attr_setstack)((void *)(buffer), (void *)(buffer), 0));
    CALL(pthread_attr_setstack, (pthread_attr_setstack)((void *)(buffer), (void *)(buffer), 8));
    CALL(pthread_attr_setstack, (pthread_attr_setstack)((void *)(buffer), (void *)(buffer), 1));
    CALL(pthread_attr_setstack, (pthread_attr_setstack)((void *)(buffer), (void *)(buffer), 64));
    CALL(pthread_attr_setstacksize, (pthread_attr_setstacksize)((void *)(buffer), 0));
    CALL(pthread_attr_setstacksize, (pthread_attr_setstacksize)((void *)(buffer), 8));
    CALL(pthread_attr_setstacksize, (pthread_attr_setstacksize)((void *)(buffer), 1));
    CALL(pthread_attr_setstacksize, (pthread_attr_setstacksize)((void *)(buffer), 64));
    CALL(pthread_barrier_destroy, (pthread_barrier_destroy)((void *)(buffer)));
    CALL(pthread_barrier_init, (pthread_barrier_init)((void *)(buffer), (void *)(buffer), -1));
    CALL(pthread_barrier_init, (pthread_barrier_init)((void *)(buffer), (void *)(buffer), 0));
    CALL(pthread_barrier_init, (pthread_barrier_init)((void *)(buffer), (void *)(buffer), 1));
    CALL(pthread_barrier_init, (pthread_barrier_init)((void *)(buffer), (void *)(buffer), 0x7fffffff));
    /* not called: pthread_barrier_wait: waits for what only another thread can do */
    CALL(pthread_barrierattr_destroy, (pthread_barrierattr_destroy)((void *)(buffer)));
    CALL(pthread_barrierattr_getpshared, (pthread_barrierattr_getpshared)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_barrierattr_init, (pthread_barrierattr_init)((void *)(buffer)));
    CALL(pthread_barrierattr_setpshared, (pthread_barrierattr_setpshared)((void *)(buffer), -1));
    CALL(pthread_barrierattr_setpshared, (pthread_barrierattr_setpshared)((void *)(buffer), 0));
    CALL(pthread_barrierattr_setpshared, (pthread_barrierattr_setpshared)((void *)(buffer), 1));
    CALL(pthread_barrierattr_setpshared, (pthread_barrierattr_setpshared)((void *)(buffer), 0x7fffffff));
    CALL(pthread_cancel, pthread_cancel((pthread_t)0));
    CALL(pthread_cond_broadcast, (pthread_cond_broadcast)((void *)(buffer)));
    CALL(pthread_cond_clockwait, (pthread_cond_clockwait)((void *)(buffer), (void *)(buffer), -1, (void *)(buffer)));
    CALL(pthread_cond_clockwait, (pthread_cond_clockwait)((void *)(buffer), (void *)(buffer), 0, (void *)(buffer)));
    CALL(pthread_cond_clockwait, (pthread_cond_clockwait)((void *)(buffer), (void *)(buffer), 1, (void *)(buffer)));
    CALL(pthread_cond_clockwait, (pthread_cond_clockwait)((void *)(buffer), (void *)(buffer), 0x7fffffff, (void *)(buffer)));
    CALL(pthread_cond_destroy, (pthread_cond_destroy)((void *)(buffer)));
    CALL(pthread_cond_init, (pthread_cond_init)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_cond_signal, (pthread_cond_signal)((void *)(buffer)));
    CALL(pthread_cond_timedwait, (pthread_cond_timedwait)((void *)(buffer), (void *)(buffer), (void *)(buffer)));
    /* not called: pthread_cond_wait: waits for what only another thread can do */
    CALL(pthread_condattr_destroy, (pthread_condattr_destroy)((void *)(buffer)));
    CALL(pthread_condattr_getclock, (pthread_condattr_getclock)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_condattr_getpshared, (pthread_condattr_getpshared)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_condattr_init, (pthread_condattr_init)((void *)(buffer)));
    CALL(pthread_condattr_setclock, (pthread_condattr_setclock)((void *)(buffer), -1));
    CALL(pthread_condattr_setclock, (pthread_condattr_setclock)((void *)(buffer), 0));
    CALL(pthread_condattr_setclock, (pthread_condattr_setclock)((void *)(buffer), 1));
    CALL(pthread_condattr_setclock, (pthread_condattr_setclock)((void *)(buffer), 0x7fffffff));
    CALL(pthread_condattr_setpshared, (pthread_condattr_setpshared)((void *)(buffer), -1));
    CALL(pthread_condattr_setpshared, (pthread_condattr_setpshared)((void *)(buffer), 0));
    CALL(pthread_condattr_setpshared, (pthread_condattr_setpshared)((void *)(buffer), 1));
    CALL(pthread_condattr_setpshared, (pthread_condattr_setpshared)((void *)(buffer), 0x7fffffff));
    CALL(pthread_create, pthread_create((pthread_t *)buffer, NULL, start, NULL));
    CALL(pthread_create, pthread_create((pthread_t *)buffer, (pthread_attr_t *)(buffer + 64), start, NULL));
    CALL(pthread_detach, pthread_detach(pthread_self()));
    CALL(pthread_equal, (pthread_equal)(-1, -1));
    CALL(pthread_equal, (pthread_equal)(0, 0));
    CALL(pthread_equal, (pthread_equal)(1, 1));
    CALL(pthread_equal, (pthread_equal)(0x7fffffffffffffff, 0x7fffffffffffffff));
    /* not called: pthread_exit: ends the program */
    CALL(pthread_getaffinity_np, (pthread_getaffinity_np)(-1, 0, (void *)(buffer)));
    CALL(pthread_getaffinity_np, (pthread_getaffinity_np)(0, 8, (void *)(buffer)));
    CALL(pthread_getaffinity_np, (pthread_getaffinity_np)(1, 1, (void *)(buffer)));
    CALL(pthread_getaffinity_np, (pthread_getaffinity_np)(0x7fffffffffffffff, 64, (void *)(buffer)));
    CALL(pthread_getattr_np, (pthread_getattr_np)(-1, (void *)(buffer)));
    CALL(pthread_getattr_np, (pthread_getattr_np)(0, (void *)(buffer)));
    CALL(pthread_getattr_np, (pthread_getattr_np)(1, (void *)(buffer)));
    CALL(pthread_getattr_np, (pthread_getattr_np)(0x7fffffffffffffff, (void *)(buffer)));
    CALL(pthread_getcpuclockid, (pthread_getcpuclockid)(-1, (void *)(buffer)));
    CALL(pthread_getcpuclockid, (pthread_getcpuclockid)(0, (void *)(buffer)));
    CALL(pthread_getcpuclockid, (pthread_getcpuclockid)(1, (void *)(buffer)));
    CALL(pthread_getcpuclockid, (pthread_getcpuclockid)(0x7fffffffffffffff, (void *)(buffer)));
    CALL(pthread_getname_np, (pthread_getname_np)(-1, (void *)(buffer), 0));
    CALL(pthread_getname_np, (pthread_getname_np)(0, (void *)(buffer), 8));
    CALL(pthread_getname_np, (pthread_getname_np)(1, (void *)(buffer), 1));
    CALL(pthread_getname_np, (pthread_getname_np)(0x7fffffffffffffff, (void *)(buffer), 64));
    CALL(pthread_getschedparam, (pthread_getschedparam)(-1, (void *)(buffer), (void *)(buffer)));
    CALL(pthread_getschedparam, (pthread_getschedparam)(0, (void *)(buffer), (void *)(buffer)));
    CALL(pthread_getschedparam, (pthread_getschedparam)(1, (void *)(buffer), (void *)(buffer)));
    CALL(pthread_getschedparam, (pthread_getschedparam)(0x7fffffffffffffff, (void *)(buffer), (void *)(buffer)));
    CALL(pthread_getspecific, (pthread_getspecific)(-1));
    CALL(pthread_getspecific, (pthread_getspecific)(0));
    CALL(pthread_getspecific, (pthread_getspecific)(1));
    CALL(pthread_getspecific, (pthread_getspecific)(0x7fffffff));
    CALL(pthread_join, pthread_join(pthread_self(), NULL));
    CALL(pthread_key_create, pthread_key_create((pthread_key_t *)buffer, take));
    CALL(pthread_key_delete, (pthread_key_delete)(-1));
    CALL(pthread_key_delete, (pthread_key_delete)(0));
    CALL(pthread_key_delete, (pthread_key_delete)(1));
    CALL(pthread_key_delete, (pthread_key_delete)(0x7fffffff));
    CALL(pthread_mutex_clocklock, (pthread_mutex_clocklock)((void *)(buffer), -1, (void *)(buffer)));
    CALL(pthread_mutex_clocklock, (pthread_mutex_clocklock)((void *)(buffer), 0, (void *)(buffer)));
    CALL(pthread_mutex_clocklock, (pthread_mutex_clocklock)((void *)(buffer), 1, (void *)(buffer)));
    CALL(pthread_mutex_clocklock, (pthread_mutex_clocklock)((void *)(buffer), 0x7fffffff, (void *)(buffer)));
    CALL(pthread_mutex_consistent, (pthread_mutex_consistent)((void *)(buffer)));
    CALL(pthread_mutex_destroy, (pthread_mutex_destroy)((void *)(buffer)));
    CALL(pthread_mutex_init, (pthread_mutex_init)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_mutex_lock, (pthread_mutex_lock)((void *)(buffer)));
    CALL(pthread_mutex_timedlock, (pthread_mutex_timedlock)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_mutex_trylock, (pthread_mutex_trylock)((void *)(buffer)));
    CALL(pthread_mutex_unlock, (pthread_mutex_unlock)((void *)(buffer)));
    CALL(pthread_mutexattr_destroy, (pthread_mutexattr_destroy)((void *)(buffer)));
    CALL(pthread_mutexattr_getprotocol, (pthread_mutexattr_getprotocol)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_mutexattr_getpshared, (pthread_mutexattr_getpshared)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_mutexattr_getrobust, (pthread_mutexattr_getrobust)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_mutexattr_gettype, (pthread_mutexattr_gettype)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_mutexattr_init, (pthread_mutexattr_init)((void *)(buffer)));
    CALL(pthread_mutexattr_setprotocol, (pthread_mutexattr_setprotocol)((void *)(buffer), -1));
    CALL(pthread_mutexattr_setprotocol, (pthread_mutexattr_setprotocol)((void *)(buffer), 0));
    CALL(pthread_mutexattr_setprotocol, (pthread_mutexattr_setprotocol)((void *)(buffer), 1));
    CALL(pthread_mutexattr_setprotocol, (pthread_mutexattr_setprotocol)((void *)(buffer), 0x7fffffff));
    CALL(pthread_mutexattr_setpshared, (pthread_mutexattr_setpshared)((void *)(buffer), -1));
    CALL(pthread_mutexattr_setpshared, (pthread_mutexattr_setpshared)((void *)(buffer), 0));
    CALL(pthread_mutexattr_setpshared, (pthread_mutexattr_setpshared)((void *)(buffer), 1));
    CALL(pthread_mutexattr_setpshared, (pthread_mutexattr_setpshared)((void *)(buffer), 0x7fffffff));
    CALL(pthread_mutexattr_setrobust, (pthread_mutexattr_setrobust)((void *)(buffer), -1));
    CALL(pthread_mutexattr_setrobust, (pthread_mutexattr_setrobust)((void *)(buffer), 0));
    CALL(pthread_mutexattr_setrobust, (pthread_mutexattr_setrobust)((void *)(buffer), 1));
    CALL(pthread_mutexattr_setrobust, (pthread_mutexattr_setrobust)((void *)(buffer), 0x7fffffff));
    CALL(pthread_mutexattr_settype, (pthread_mutexattr_settype)((void *)(buffer), -1));
    CALL(pthread_mutexattr_settype, (pthread_mutexattr_settype)((void *)(buffer), 0));
    CALL(pthread_mutexattr_settype, (pthread_mutexattr_settype)((void *)(buffer), 1));
    CALL(pthread_mutexattr_settype, (pthread_mutexattr_settype)((void *)(buffer), 0x7fffffff));
    CALL(pthread_once, pthread_once((pthread_once_t *)buffer, nothing));
    CALL(pthread_rwlock_clockrdlock, (pthread_rwlock_clockrdlock)((void *)(buffer), -1, (void *)(buffer + 64)));
    CALL(pthread_rwlock_clockrdlock, (pthread_rwlock_clockrdlock)((void *)(buffer), 1, (void *)(buffer + 64)));
    CALL(pthread_rwlock_clockwrlock, (pthread_rwlock_clockwrlock)((void *)(buffer), 0x7fffffff, (void *)(buffer + 64)));
    CALL(pthread_rwlock_clockwrlock, (pthread_rwlock_clockwrlock)((void *)(buffer), 0, (void *)(buffer + 64)));
    CALL(pthread_rwlock_destroy, (pthread_rwlock_destroy)((void *)(buffer)));
    CALL(pthread_rwlock_init, (pthread_rwlock_init)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_rwlock_rdlock, (pthread_rwlock_rdlock)((void *)(buffer)));
    CALL(pthread_rwlock_timedrdlock, (pthread_rwlock_timedrdlock)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_rwlock_timedwrlock, (pthread_rwlock_timedwrlock)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_rwlock_tryrdlock, (pthread_rwlock_tryrdlock)((void *)(buffer)));
    CALL(pthread_rwlock_trywrlock, (pthread_rwlock_trywrlock)((void *)(buffer)));
    CALL(pthread_rwlock_unlock, (pthread_rwlock_unlock)((void *)(buffer)));
    CALL(pthread_rwlock_wrlock, (pthread_rwlock_wrlock)((void *)(buffer)));
    CALL(pthread_rwlockattr_destroy, (pthread_rwlockattr_destroy)((void *)(buffer)));
    CALL(pthread_rwlockattr_getpshared, (pthread_rwlockattr_getpshared)((void *)(buffer), (void *)(buffer)));
    CALL(pthread_rwlockattr_init, (pthread_rwlockattr_init)((void *)(buffer)));
    CALL(pthread_rwlockattr_setpshared, (pthread_rwlockattr_setpshared)((void *)(buffer), -1));
    CALL(pthread_rwlockattr_setpshared, (pthread_rwlockattr_setpshared)((void *)(buffer), 0));
    CALL(pthread_rwlockattr_setpshared, (pthread_rwlockattr_setpshared)((void *)(buffer), 1));
    CALL(pthread_rwlockattr_setpshared, (pthread_rwlockattr_setpshared)((void *)(buffer), 0x7fffffff));
    CALL(pthread_self, (pthread_self)());
    CALL(pthread_setaffinity_np, (pthread_setaffinity_np)(-1, 0, (void *)(buffer)));
    CALL(pthread_setaffinity_np, (pthread_setaffinity_np)(0, 8, (void *)(buffer)));
    CALL(pthread_setaffinity_np, (pthread_setaffinity_np)(1, 1, (void *)(buffer)));
    CALL(pthread_setaffinity_np, (pthread_setaffinity_np)(0x7fffffffffffffff, 64, (void *)(buffer)));
    CALL(pthread_setcancelstate, (pthread_setcancelstate)(-1, (void *)(buffer)));
    CALL(pthread_setcancelstate, (pthread_setcancelstate)(0, (void *)(buffer)));
    CALL(pthread_setcancelstate, (pthread_setcancelstate)(1, (void *)(buffer)));
    CALL(pthread_setcancelstate, (pthread_setcancelstate)(0x7fffffff, (void *)(buffer)));
    CALL(pthread_setcanceltype, (pthread_setcanceltype)(-1, (void *)(buffer)));
    CALL(pthread_setcanceltype, (pthread_setcanceltype)(0, (void *)(buffer)));
    CALL(pthread_setcanceltype, (pthread_setcanceltype)(1, (void *)(buffer)));
    CALL(pthread_setcanceltype, (pthread_setcanceltype)(0x7fffffff, (void *)(buffer)));
    CALL(pthread_setname_np, (pthread_setname_np)(-1, ""));
    CALL(pthread_setname_np, (pthread_setname_np)(0, "1"));
    CALL(pthread_setname_np, (pthread_setname_np)(1, long_text));
    CALL(pthread_setname_np, (pthread_setname_np)(0x7fffffffffffffff, "/none/x"));
    CALL(pthread_setschedparam, (pthread_setschedparam)(-1, -1, (void *)(buffer)));
    CALL(pthread_setschedparam, (pthread_setschedparam)(0, 0, (void *)(buffer)));
    CALL(pthread_setschedparam, (pthread_setschedparam)(1, 1, (void *)(buffer)));
    CALL(pthread_setschedparam, (pthread_setschedparam)(0x7fffffffffffffff, 0x7fffffff, (void *)(buffer)));
    CALL(pthread_setschedprio, (pthread_setschedprio)(-1, -1));
    CALL(pthread_setschedprio, (pthread_setschedprio)(0, 0));
    CALL(pthread_setschedprio, (pthread_setschedprio)(1, 1));
    CALL(pthread_setschedprio, (pthread_setschedprio)(0x7fffffffffffffff, 0x7fffffff));
    CALL(pthread_setspecific, (pthread_setspecific)(-1, (void *)(buffer)));
    CALL(pthread_setspecific, (pthread_setspecific)(0, (void *)(buffer)));
    CALL(pthread_setspecific, (pthread_setspecific)(1, (void *)(buffer)));
    CALL(pthread_setspecific, (pthread_setspecific)(0x7fffffff, (void *)(buffer)));
    CALL(pthread_spin_destroy, (pthread_spin_destroy)((void *)(buffer)));
    CALL(pthread_spin_init, (pthread_spin_init)((void *)(buffer), -1));
    CALL(pthread_spin_init, (pthread_spin_init)((void *)(buffer), 0));
    CALL(pthread_spin_init, (pthread_spin_init)((void *)(buffer), 1));
    CALL(pthread_spin_init, (pthread_spin_init)((void *)(buffer), 0x7fffffff));
    CALL(pthread_spin_lock, (pthread_spin_lock)((void *)(buffer)));
    CALL(pthread_spin_trylock, (pthread_spin_trylock)((void *)(buffer)));
    CALL(pthread_spin_unlock, (pthread_spin_unlock)((void *)(buffer)));
    CALL(pthread_testcancel, (pthread_testcancel)());
    CALL(pthread_timedjoin_np, (pthread_timedjoin_np)(-1, (void *)(buffer), (void *)(buffer + 64)));
    CALL(pthread_timedjoin_np, (pthread_timedjoin_np)(pthread_self(), NULL, (void *)(buffer + 64)));
    CALL(pthread_tryjoin_np, (pthread_tryjoin_np)(-1, (void *)(buffer)));
    CALL(pthread_tryjoin_np, (pthread_tryjoin_np)(0, (void *)(buffer)));
}

/* <pwd.h> */
static void call_pwd_h(int first, ...)
{
    CALL(endpwent, (endpwent)());
    CALL(getpwent, (getpwent)());
    CALL(getpwnam, (getpwnam)(""));
    CALL(getpwnam, (getpwnam)("1"));
    CALL(getpwnam, (getpwnam)(long_text));
    CALL(getpwnam, (getpwnam)("/none/x"));
    CALL(getpwnam_r, (getpwnam_r)("", (void *)(buffer), (void *)(buffer), 0, (void *)(buffer)));
    CALL(getpwnam_r, (getpwnam_r)("1", (void *)(buffer), (void *)(buffer), 8, (void *)(buffer)));
    CALL(getpwnam_r, (getpwnam_r)(long_text, (void *)(buffer), (void *)(buffer), 1, (void *)(buffer)));
    CALL(getpwnam_r, (getpwnam_r)("/none/x", (void *)(buffer), (void *)(buffer), 64, (void *)(buffer)));
    CALL(getpwuid, (getpwuid)(-1));
    CALL(getpwuid, (getpwuid)(0));
    CALL(getpwuid, (getpwuid)(1));
    CALL(getpwuid, (getpwuid)(0x7fffffff));
    CALL(getpwuid_r, (getpwuid_r)(-1, (void *)(buffer), (void *)(buffer), 0, (void *)(buffer)));
    CALL(getpwuid_r, (getpwuid_r)(0, (void *)(buffer), (void *)(buffer), 8, (void *)(buffer)));
    CALL(getpwuid_r, (getpwuid_r)(1, (void *)(buffer), (void *)(buffer), 1, (void *)(buffer)));
    CALL(getpwuid_r, (getpwuid_r)(0x7fffffff, (void *)(buffer), (void *)(buffer), 64, (void *)(buffer)));
    CALL(setpwent, (setpwent)());
}

/* <sched.h> */
static void call_sched_h(int first, ...)
{
    CALL(sched_get_priority_max, (sched_get_priority_max)(-1));
    CALL(sched_get_priority_max, (sched_get_priority_max)(0));
    CALL(sched_get_priority_max, (sched_get_priority_max)(1));
    CALL(sched_get_priority_max, (sched_get_priority_max)(0x7fffffff));
    CALL(sched_get_priority_min, (sched_get_priority_min)(-1));
    CALL(sched_get_priority_min, (sched_get_priority_min)(0));
    CALL(sched_get_priority_min, (sched_get_priority_min)(1));
    CALL(sched_get_priority_min, (sched_get_priority_min)(0x7fffffff));
    CALL(sched_getaffinity, (sched_getaffinity)(-1, 0, (void *)(buffer)));
    CALL(sched_getaffinity, (sched_getaffinity)(0, 8, (void *)(buffer)));
    CALL(sched_getaffinity, (sched_getaffinity)(1, 1, (void *)(buffer)));
    CALL(sched_getaffinity, (sched_getaffinity)(0x7fffffff, 64, (void *)(buffer)));
    CALL(sched_getcpu, (sched_getcpu)());
    CALL(sched_getparam, (sched_getparam)(-1, (void *)(buffer)));
    CALL(sched_getparam, (sched_getparam)(0, (void *)(buffer)));
    CALL(sched_getparam, (sched_getparam)(1, (void *)(buffer)));
    CALL(sched_getparam, (sched_getparam)(0x7fffffff, (void *)(buffer)));
    CALL(sched_getscheduler, (sched_getscheduler)(-1));
    CALL(sched_getscheduler, (sched_getscheduler)(0));
    CALL(sched_getscheduler, (sched_getscheduler)(1));
    CALL(sched_getscheduler, (sched_getscheduler)(0x7fffffff));
    CALL(sched_rr_get_interval, (sched_rr_get_interval)(-1, (void *)(buffer)));
    CALL(sched_rr_get_interval, (sched_rr_get_interval)(0, (void *)(buffer)));
    CALL(sched_rr_get_interval, (sched_rr_get_interval)(1, (void *)(buffer)));
    CALL(sched_rr_get_interval, (sched_rr_get_interval)(0x7fffffff, (void *)(buffer)));
    CALL(sched_setaffinity, (sched_setaffinity)(-1, 0, (void *)(buffer)));
    CALL(sched_setaffinity, (sched_setaffinity)(0, 8, (void *)(buffer)));
    CALL(sched_setaffinity, (sched_setaffinity)(1, 1, (void *)(buffer)));
    CALL(sched_setaffinity, (sched_setaffinity)(0x7fffffff, 64, (void *)(buffer)));
    CALL(sched_setparam, (sched_setparam)(-1, (void *)(buffer)));
    CALL(sched_setparam, (sched_setparam)(0, (void *)(buffer)));
    CALL(sched_setparam, (sched_setparam)(1, (void *)(buffer)));
    CALL(sched_setparam, (sched_setparam)(0x7fffffff, (void *)(buffer)));
    CALL(sched_setscheduler, (sched_setscheduler)(-1, -1, (void *)(buffer)));
    CALL(sched_setscheduler, (sched_setscheduler)(0, 0, (void *)(buffer)));
    CALL(sched_setscheduler, (sched_setscheduler)(1, 1, (void *)(buffer)));
    CALL(sched_setscheduler, (sched_setscheduler)(0x7fffffff, 0x7fffffff, (void *)(buffer)));
    CALL(sched_yield, (sched_yield)());
}

/* <semaphore.h> */
static void call_semaphore_h(int first, ...)
{
    CALL(sem_clockwait, (sem_clockwait)((void *)(buffer), -1, (void *)(buffer)));
    CALL(sem_clockwait, (sem_clockwait)((void *)(buffer), 0, (void *)(buffer)));
    CALL(sem_clockwait, (sem_clockwait)((void *)(buffer), 1, (void *)(buffer)));
    CALL(sem_clockwait, (sem_clockwait)((void *)(buffer), 0x7fffffff, (void *)(buffer)));
    CALL(sem_close, sem_close((sem_t *)buffer));
    CALL(sem_destroy, (sem_destroy)((void *)(buffer)));
    CALL(sem_getvalue, (sem_getvalue)((void *)(buffer), (void *)(buffer)));
    CALL(sem_init, (sem_init)((void *)(buffer), -1, -1));
    CALL(sem_init, (sem_init)((void *)(buffer), 0, 0));
    CALL(sem_init, (sem_init)((void *)(buffer), 1, 1));
    CALL(sem_init, (sem_init)((void *)(buffer), 0x7fffffff, 0x7fffffff));
    CALL(sem_open, (sem_open)("text", -1));
    CALL(sem_open, (sem_open)("text", 0));
    CALL(sem_open, (sem_open)("text", 1));
    CALL(sem_open, (sem_open)("text", 0x7fffffff));
    CALL(sem_post, (sem_post)((void *)(buffer)));
    CALL(sem_timedwait, (sem_timedwait)((void *)(buffer), (void *)(buffer)));
    CALL(sem_trywait, (sem_trywait)((void *)(buffer)));
    CALL(sem_unlink, (sem_unlink)(""));
    CALL(sem_unlink, (sem_unlink)("1"));
    CALL(sem_unlink, (sem_unlink)(long_text));
    CALL(sem_unlink, (sem_unlink)("/none/x"));
    /* not called: sem_wait: waits for what only another thread can do */
}

/* <setjmp.h> */
static void call_setjmp_h(int first, ...)
{
    CALL(__sigsetjmp, (__sigsetjmp)((void *)(buffer), -1));
    CALL(__sigsetjmp, (__sigsetjmp)((void *)(buffer), 0));
    CALL(__sigsetjmp, (__sigsetjmp)((void *)(buffer), 1));
    CALL(__sigsetjmp, (__sigsetjmp)((void *)(buffer), 0x7fffffff));
    /* not called: _longjmp: jumps */
    CALL(_setjmp, (_setjmp)((void *)(buffer)));
    /* not called: longjmp: jumps */
    CALL(setjmp, (setjmp)((void *)(buffer)));
    /* not called: siglongjmp: jumps */
    CALL(sigsetjmp, (sigsetjmp)((void *)(buffer), -1));
    CALL(sigsetjmp, (sigsetjmp)((void *)(buffer), 0));
    CALL(sigsetjmp, (sigsetjmp)((void *)(buffer), 1));
    CALL(sigsetjmp, (sigsetjmp)((void *)(buffer), 0x7fffffff));
}

/* <signal.h> */
static void call_signal_h(int first, ...)
{
    CALL(kill, kill(99, 0));
    CALL(kill, kill(1, 0));
    CALL(kill, kill(-1, 99));
    CALL(killpg, killpg(99, 0));
    CALL(killpg, killpg(-1, 0));
    CALL(psignal, (psignal)(-1, ""));
    CALL(psignal, (psignal)(0, "1"));
    CALL(psignal, (psignal)(1, long_text));
    CALL(psignal, (psignal)(0x7fffffff, "/none/x"));
    CALL(pthread_kill, pthread_kill(pthread_self(), 0));
    CALL(pthread_kill, pthread_kill(pthread_self(), 99));
    CALL(pthread_sigmask, pthread_sigmask(99, (sigset_t *)buffer, NULL));
    CALL(raise, raise(0));
    CALL(raise, raise(-1));
    CALL(raise, raise(SIGCHLD));
    CALL(sigaction, sigaction(-1, NULL, NULL));
    CALL(sigaction, sigaction(SIGUSR1, (struct sigaction *)buffer, NULL));
    CALL(sigaction, sigaction(SIGKILL, (struct sigaction *)buffer, NULL));
    CALL(sigaddset, (sigaddset)((void *)(buffer), -1));
    CALL(sigaddset, (sigaddset)((void *)(buffer), 0));
    CALL(sigaddset, (sigaddset)((void *)(buffer), 1));
    CALL(sigaddset, (sigaddset)((void *)(buffer), 0x7fffffff));
    CALL(sigaltstack, sigaltstack(NULL, (stack_t *)buffer));
    CALL(sigdelset, (sigdelset)((void *)(buffer), -1));
    CALL(sigdelset, (sigdelset)((void *)(buffer), 0));
    CALL(sigdelset, (sigdelset)((void *)(buffer), 1));
    CALL(sigdelset, (sigdelset)((void *)(buffer), 0x7fffffff));
    CALL(sigemptyset, (sigemptyset)((void *)(buffer)));
    CALL(sigfillset, (sigfillset)((void *)(buffer)));
    CALL(siginterrupt, (siginterrupt)(-1, -1));
    CALL(siginterrupt, (siginterrupt)(0, 0));
    CALL(siginterrupt, (siginterrupt)(1, 1));
    CALL(siginterrupt, (siginterrupt)(0x7fffffff, 0x7fffffff));
    CALL(sigismember, (sigismember)((void *)(buffer), -1));
    CALL(sigismember, (sigismember)((void *)(buffer), 0));
    CALL(sigismember, (sigismember)((void *)(buffer), 1));
    CALL(sigismember, (sigismember)((void *)(buffer), 0x7fffffff));
    CALL(signal, signal(-1, SIG_IGN));
    CALL(signal, signal(SIGUSR1, SIG_IGN));
    CALL(signal, signal(SIGUSR1, SIG_DFL));
    CALL(sigpending, (sigpending)((void *)(buffer)));
    CALL(sigprocmask, (sigprocmask)(-1, (void *)(buffer), (void *)(buffer)));
    CALL(sigprocmask, (sigprocmask)(0, (void *)(buffer), (void *)(buffer)));
    CALL(sigprocmask, (sigprocmask)(1, (void *)(buffer), (void *)(buffer)));
    CALL(sigprocmask, (sigprocmask)(0x7fffffff, (void *)(buffer), (void *)(buffer)));
    /* not called: sigsuspend: waits for what only another thread can do */
    CALL(sigtimedwait, (sigtimedwait)((void *)(buffer), (void *)(buffer), (void *)(buffer)));
    /* not called: sigwait: waits for what only another thread can do */
    /* not called: sigwaitinfo: waits for what only another thread can do */
}

/* <spawn.h> */
static void call_spawn_h(int first, ...)
{
    CALL(posix_spawn, (posix_spawn)((void *)(buffer), "", (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(posix_spawn, (posix_spawn)((void *)(buffer), "1", (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(posix_spawn, (posix_spawn)((void *)(buffer), long_text, (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(posix_spawn, (posix_spawn)((void *)(buffer), "/none/x", (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(posix_spawn_file_actions_addclose, (posix_spawn_file_actions_addclose)((void *)(buffer), -1));
    CALL(posix_spawn_file_actions_addclose, (posix_spawn_file_actions_addclose)((void *)(buffer), 0));
    CALL(posix_spawn_file_actions_addclose, (posix_spawn_file_actions_addclose)((void *)(buffer), 1));
    CALL(posix_spawn_file_actions_addclose, (posix_spawn_file_actions_addclose)((void *)(buffer), 0x7fffffff));
    CALL(posix_spawn_file_actions_adddup2, (posix_spawn_file_actions_adddup2)((void *)(buffer), -1, -1));
    CALL(posix_spawn_file_actions_adddup2, (posix_spawn_file_actions_adddup2)((void *)(buffer), 0, 0));
    CALL(posix_spawn_file_actions_adddup2, (posix_spawn_file_actions_adddup2)((void *)(buffer), 1, 1));
    CALL(posix_spawn_file_actions_adddup2, (posix_spawn_file_actions_adddup2)((void *)(buffer), 0x7fffffff, 0x7fffffff));
    CALL(posix_spawn_file_actions_addopen, (posix_spawn_file_actions_addopen)((void *)(buffer), -1, "", -1, -1));
    CALL(posix_spawn_file_actions_addopen, (posix_spawn_file_actions_addopen)((void *)(buffer), 0, "1", 0, 0));
    CALL(posix_spawn_file_actions_addopen, (posix_spawn_file_actions_addopen)((void *)(buffer), 1, long_text, 1, 1));
    CALL(posix_spawn_file_actions_addopen, (posix_spawn_file_actions_addopen)((void *)(buffer), 0x7fffffff, "/none/x", 0x7fffffff, 0x7fffffff));
    CALL(posix_spawn_file_actions_destroy, (posix_spawn_file_actions_destroy)((void *)(buffer)));
    CALL(posix_spawn_file_actions_init, (posix_spawn_file_actions_init)((void *)(buffer)));
    CALL(posix_spawnattr_destroy, (posix_spawnattr_destroy)((void *)(buffer)));
    CALL(posix_spawnattr_getflags, (posix_spawnattr_getflags)((void *)(buffer), (void *)(buffer)));
    CALL(posix_spawnattr_getpgroup, (posix_spawnattr_getpgroup)((void *)(buffer), (void *)(buffer)));
    CALL(posix_spawnattr_getsigdefault, (posix_spawnattr_getsigdefault)((void *)(buffer), (void *)(buffer)));
    CALL(posix_spawnattr_getsigmask, (posix_spawnattr_getsigmask)((void *)(buffer), (void *)(buffer)));
    CALL(posix_spawnattr_init, (posix_spawnattr_init)((void *)(buffer)));
    CALL(posix_spawnattr_setflags, (posix_spawnattr_setflags)((void *)(buffer), -1));
    CALL(posix_spawnattr_setflags, (posix_spawnattr_setflags)((void *)(buffer), 0));
    CALL(posix_spawnattr_setflags, (posix_spawnattr_setflags)((void *)(buffer), 1));
    CALL(posix_spawnattr_setflags, (posix_spawnattr_setflags)((void *)(buffer), 0x7fffffffffffffff));
    CALL(posix_spawnattr_setpgroup, (posix_spawnattr_setpgroup)((void *)(buffer), -1));
    CALL(posix_spawnattr_setpgroup, (posix_spawnattr_setpgroup)((void *)(buffer), 0));
    CALL(posix_spawnattr_setpgroup, (posix_spawnattr_setpgroup)((void *)(buffer), 1));
    CALL(posix_spawnattr_setpgroup, (posix_spawnattr_setpgroup)((void *)(buffer), 0x7fffffff));
    CALL(posix_spawnattr_setsigdefault, (posix_spawnattr_setsigdefault)((void *)(buffer), (void *)(buffer)));
    CALL(posix_spawnattr_setsigmask, (posix_spawnattr_setsigmask)((void *)(buffer), (void *)(buffer)));
    CALL(posix_spawnp, (posix_spawnp)((void *)(buffer), "", (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(posix_spawnp, (posix_spawnp)((void *)(buffer), "1", (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(posix_spawnp, (posix_spawnp)((void *)(buffer), long_text, (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(posix_spawnp, (posix_spawnp)((void *)(buffer), "/none/x", (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
}

/* <stdio.h> */
static void call_stdio_h(int first, ...)
{
    CALL(asprintf, (asprintf)((void *)(buffer), "text"));
    CALL(clearerr, (clearerr)(stream));
    CALL(clearerr_unlocked, (clearerr_unlocked)(stream));
    CALL(dprintf, (dprintf)(-1, "text"));
    CALL(dprintf, (dprintf)(0, "text"));
    CALL(dprintf, (dprintf)(1, "text"));
    CALL(dprintf, (dprintf)(0x7fffffff, "text"));
    CALL(fclose, fclose(tmpfile()));
    CALL(fdopen, fdopen(99, "r"));
    CALL(fdopen, fdopen(-1, "r"));
    CALL(feof, (feof)(stream));
    CALL(feof_unlocked, (feof_unlocked)(stream));
    CALL(ferror, (ferror)(stream));
    CALL(ferror_unlocked, (ferror_unlocked)(stream));
    CALL(fflush, (fflush)(stream));
    CALL(fflush_unlocked, (fflush_unlocked)(stream));
    CALL(fgetc, (fgetc)(stream));
    CALL(fgetc_unlocked, (fgetc_unlocked)(stream));
    CALL(fgetpos, (fgetpos)(stream, (void *)(buffer)));
    CALL(fgets, (fgets)((void *)(buffer), -1, stream));
    CALL(fgets, (fgets)((void *)(buffer), 0, stream));
    CALL(fgets, (fgets)((void *)(buffer), 1, stream));
    CALL(fgets, (fgets)((void *)(buffer), 0x7fffffff, stream));
    CALL(fgets_unlocked, (fgets_unlocked)((void *)(buffer), -1, stream));
    CALL(fgets_unlocked, (fgets_unlocked)((void *)(buffer), 0, stream));
    CALL(fgets_unlocked, (fgets_unlocked)((void *)(buffer), 1, stream));
    CALL(fgets_unlocked, (fgets_unlocked)((void *)(buffer), 0x7fffffff, stream));
    CALL(fileno, (fileno)(stream));
    CALL(fileno_unlocked, (fileno_unlocked)(stream));
    CALL(flockfile, (flockfile)(stream));
    CALL(fmemopen, fmemopen(buffer, 8, "?"));
    CALL(fmemopen, fclose(fmemopen(buffer, 8, "r")));
    CALL(fopen, fopen("", "r"));
    CALL(fopen, fopen("/dev/null", "?"));
    CALL(fopen, fclose(fopen("/dev/null", "r")));
    CALL(fprintf, (fprintf)(stream, "text"));
    CALL(fputc, (fputc)(-1, stream));
    CALL(fputc, (fputc)(0, stream));
    CALL(fputc, (fputc)(1, stream));
    CALL(fputc, (fputc)(0x7fffffff, stream));
    CALL(fputc_unlocked, (fputc_unlocked)(-1, stream));
    CALL(fputc_unlocked, (fputc_unlocked)(0, stream));
    CALL(fputc_unlocked, (fputc_unlocked)(1, stream));
    CALL(fputc_unlocked, (fputc_unlocked)(0x7fffffff, stream));
    CALL(fputs, (fputs)("", stream));
    CALL(fputs, (fputs)("1", stream));
    CALL(fputs, (fputs)(long_text, stream));
    CALL(fputs, (fputs)("/none/x", stream));
    CALL(fputs_unlocked, (fputs_unlocked)("", stream));
    CALL(fputs_unlocked, (fputs_unlocked)("1", stream));
    CALL(fputs_unlocked, (fputs_unlocked)(long_text, stream));
    CALL(fputs_unlocked, (fputs_unlocked)("/none/x", stream));
    CALL(fread, (fread)((void *)(buffer), 0, 0, stream));
    CALL(fread, (fread)((void *)(buffer), 8, 8, stream));
    CALL(fread, (fread)((void *)(buffer), 1, 1, stream));
    CALL(fread, (fread)((void *)(buffer), 64, 64, stream));
    CALL(fread_unlocked, (fread_unlocked)((void *)(buffer), 0, 0, stream));
    CALL(fread_unlocked, (fread_unlocked)((void *)(buffer), 8, 8, stream));
    CALL(fread_unlocked, (fread_unlocked)((void *)(buffer), 1, 1, stream));
    CALL(fread_unlocked, (fread_unlocked)((void *)(buffer), 64, 64, stream));
    CALL(freopen, fclose(freopen("/dev/null", "r", tmpfile())));
    CALL(fscanf, (fscanf)(stream, "text"));
    CALL(fseek, (fseek)(stream, -1, -1));
    CALL(fseek, (fseek)(stream, 0, 0));
    CALL(fseek, (fseek)(stream, 1, 1));
    CALL(fseek, (fseek)(stream, 0x7fffffffffffffff, 0x7fffffff));
    CALL(fseeko, (fseeko)(stream, -1, -1));
    CALL(fseeko, (fseeko)(stream, 0, 0));
    CALL(fseeko, (fseeko)(stream, 1, 1));
    CALL(fseeko, (fseeko)(stream, 0x7fffffffffffffff, 0x7fffffff));
    CALL(fsetpos, (fsetpos)(stream, (void *)(buffer)));
    CALL(ftell, (ftell)(stream));
    CALL(ftello, (ftello)(stream));
    CALL(ftrylockfile, (ftrylockfile)(stream));
    CALL(funlockfile, (funlockfile)(stream));
    CALL(fwrite, (fwrite)((void *)(buffer), 0, 0, stream));
    CALL(fwrite, (fwrite)((void *)(buffer), 8, 8, stream));
    CALL(fwrite, (fwrite)((void *)(buffer), 1, 1, stream));
    CALL(fwrite, (fwrite)((void *)(buffer), 64, 64, stream));
    CALL(fwrite_unlocked, (fwrite_unlocked)((void *)(buffer), 0, 0, stream));
    CALL(fwrite_unlocked, (fwrite_unlocked)((void *)(buffer), 8, 8, stream));
    CALL(fwrite_unlocked, (fwrite_unlocked)((void *)(buffer), 1, 1, stream));
    CALL(fwrite_unlocked, (fwrite_unlocked)((void *)(buffer), 64, 64, stream));
    CALL(getc, (getc)(stream));
    CALL(getc_unlocked, (getc_unlocked)(stream));
    /* not called: getchar: reads the console, where somebody may have to type */
    /* not called: getchar_unlocked: reads the console, where somebody may have to type */
    CALL(getdelim, getdelim((char **)buffer, (size_t *)(buffer + 64), 10, stream));
    CALL(getline, getline((char **)buffer, (size_t *)(buffer + 64), stream));
    CALL(open_memstream, fclose(open_memstream((char **)buffer, (size_t *)(buffer + 64))));
    CALL(pclose, pclose(tmpfile()));
    CALL(perror, (perror)(""));
    CALL(perror, (perror)("1"));
    CALL(perror, (perror)(long_text));
    CALL(perror, (perror)("/none/x"));
    CALL(popen, popen("x", "r"));
    CALL(printf, (printf)("text"));
    CALL(putc, (putc)(-1, stream));
    CALL(putc, (putc)(0, stream));
    CALL(putc, (putc)(1, stream));
    CALL(putc, (putc)(0x7fffffff, stream));
    CALL(putc_unlocked, (putc_unlocked)(-1, stream));
    CALL(putc_unlocked, (putc_unlocked)(0, stream));
    CALL(putc_unlocked, (putc_unlocked)(1, stream));
    CALL(putc_unlocked, (putc_unlocked)(0x7fffffff, stream));
    CALL(putchar, (putchar)(-1));
    CALL(putchar, (putchar)(0));
    CALL(putchar, (putchar)(1));
    CALL(putchar, (putchar)(0x7fffffff));
    CALL(putchar_unlocked, (putchar_unlocked)(-1));
    CALL(putchar_unlocked, (putchar_unlocked)(0));
    CALL(putchar_unlocked, (putchar_unlocked)(1));
    CALL(putchar_unlocked, (putchar_unlocked)(0x7fffffff));
    CALL(puts, (puts)(""));
    CALL(puts, (puts)("1"));
    CALL(puts, (puts)(long_text));
    CALL(puts, (puts)("/none/x"));
    CALL(remove, (remove)(""));
    CALL(remove, (remove)("1"));
    CALL(remove, (remove)(long_text));
    CALL(remove, (remove)("/none/x"));
    CALL(rename, (rename)("", ""));
    CALL(rename, (rename)("1", "1"));
    CALL(rename, (rename)(long_text, long_text));
    CALL(rename, (rename)("/none/x", "/none/x"));
    CALL(renameat, (renameat)(-1, "", -1, ""));
    CALL(renameat, (renameat)(0, "1", 0, "1"));
    CALL(renameat, (renameat)(1, long_text, 1, long_text));
    CALL(renameat, (renameat)(0x7fffffff, "/none/x", 0x7fffffff, "/none/x"));
    CALL(rewind, (rewind)(stream));
    /* not called: scanf: reads the console, where somebody may have to type */
    CALL(setbuf, (setbuf)(stream, (void *)(buffer)));
    CALL(setbuffer, (setbuffer)(stream, (void *)(buffer), 0));
    CALL(setbuffer, (setbuffer)(stream, (void *)(buffer), 8));
    CALL(setbuffer, (setbuffer)(stream, (void *)(buffer), 1));
    CALL(setbuffer, (setbuffer)(stream, (void *)(buffer), 64));
    CALL(setlinebuf, (setlinebuf)(stream));
    CALL(setvbuf, (setvbuf)(stream, (void *)(buffer), -1, 0));
    CALL(setvbuf, (setvbuf)(stream, (void *)(buffer), 0, 8));
    CALL(setvbuf, (setvbuf)(stream, (void *)(buffer), 1, 1));
    CALL(setvbuf, (setvbuf)(stream, (void *)(buffer), 0x7fffffff, 64));
    CALL(snprintf, (snprintf)((void *)(buffer), 0, "text"));
    CALL(snprintf, (snprintf)((void *)(buffer), 8, "text"));
    CALL(snprintf, (snprintf)((void *)(buffer), 1, "text"));
    CALL(snprintf, (snprintf)((void *)(buffer), 64, "text"));
    CALL(sprintf, (sprintf)((void *)(buffer), "text"));
    CALL(sscanf, (sscanf)("text", "text"));
    CALL(tmpfile, fclose(tmpfile()));
    CALL(tmpnam, (tmpnam)((void *)(buffer)));
    CALL(ungetc, (ungetc)(-1, stream));
    CALL(ungetc, (ungetc)(0, stream));
    CALL(ungetc, (ungetc)(1, stream));
    CALL(ungetc, (ungetc)(0x7fffffff, stream));
    VA_CALL(vasprintf, (vasprintf)((void *)(buffer), "text", list));
    VA_CALL(vdprintf, (vdprintf)(-1, "text", list));
    VA_CALL(vdprintf, (vdprintf)(0, "text", list));
    VA_CALL(vdprintf, (vdprintf)(1, "text", list));
    VA_CALL(vdprintf, (vdprintf)(0x7fffffff, "text", list));
    VA_CALL(vfprintf, (vfprintf)(stream, "text", list));
    VA_CALL(vfscanf, (vfscanf)(stream, "text", list));
    VA_CALL(vprintf, (vprintf)("text", list));
    /* not called: vscanf: reads the console, where somebody may have to type */
    VA_CALL(vsnprintf, (vsnprintf)((void *)(buffer), 0, "text", list));
    VA_CALL(vsnprintf, (vsnprintf)((void *)(buffer), 8, "text", list));
    VA_CALL(vsnprintf, (vsnprintf)((void *)(buffer), 1, "text", list));
    VA_CALL(vsnprintf, (vsnprintf)((void *)(buffer), 64, "text", list));
    VA_CALL(vsprintf, (vsprintf)((void *)(buffer), "text", list));
    VA_CALL(vsscanf, (vsscanf)("text", "text", list));
}

/* <stdlib.h> */
static void call_stdlib_h(int first, ...)
{
    /* not called: _Exit: ends the program */
    CALL(a64l, (a64l)(""));
    CALL(a64l, (a64l)("1"));
    CALL(a64l, (a64l)(long_text));
    CALL(a64l, (a64l)("/none/x"));
    /* not called: abort: ends the program */
    CALL(abs, (abs)(-1));
    CALL(abs, (abs)(0));
    CALL(abs, (abs)(1));
    CALL(abs, (abs)(0x7fffffff));
    CALL(aligned_alloc, (aligned_alloc)(0, 0));
    CALL(aligned_alloc, (aligned_alloc)(8, 8));
    CALL(aligned_alloc, (aligned_alloc)(1, 1));
    CALL(aligned_alloc, (aligned_alloc)(64, 64));
    CALL(at_quick_exit, at_quick_exit(nothing));
    CALL(atexit, atexit(nothing));
    CALL(atof, (atof)(""));
    CALL(atof, (atof)("1"));
    CALL(atof, (atof)(long_text));
    CALL(atof, (atof)("/none/x"));
    CALL(atoi, (atoi)(""));
    CALL(atoi, (atoi)("1"));
    CALL(atoi, (atoi)(long_text));
    CALL(atoi, (atoi)("/none/x"));
    CALL(atol, (atol)(""));
    CALL(atol, (atol)("1"));
    CALL(atol, (atol)(long_text));
    CALL(atol, (atol)("/none/x"));
    CALL(atoll, (atoll)(""));
    CALL(atoll, (atoll)("1"));
    CALL(atoll, (atoll)(long_text));
    CALL(atoll, (atoll)("/none/x"));
    CALL(bsearch, (bsearch)((void *)(buffer), (void *)(buffer), 0, 0, (void *)compare));
    CALL(bsearch, (bsearch)((void *)(buffer), (void *)(buffer), 8, 8, (void *)compare));
    CALL(bsearch, (bsearch)((void *)(buffer), (void *)(buffer), 1, 1, (void *)compare));
    CALL(bsearch, (bsearch)((void *)(buffer), (void *)(buffer), 64, 64, (void *)compare));
    CALL(calloc, free(calloc(8, 8)));
    CALL(calloc, calloc(SIZE_MAX, SIZE_MAX));
    CALL(clearenv, (clearenv)());
    CALL(div, div(7, -2));
    CALL(div, div(-0x7fffffff - 1, 1));
    CALL(drand48, (drand48)());
    CALL(erand48, (erand48)((void *)(buffer)));
    /* not called: exit: ends the program */
    CALL(free, free(NULL));
    CALL(getenv, (getenv)(""));
    CALL(getenv, (getenv)("1"));
    CALL(getenv, (getenv)(long_text));
    CALL(getenv, (getenv)("/none/x"));
    CALL(getsubopt, (*(char **)buffer = buffer + 64, getsubopt((char **)buffer, (char **)(buffer + 128), (char **)(buffer + 256))));
    CALL(jrand48, (jrand48)((void *)(buffer)));
    CALL(l64a, (l64a)(-1));
    CALL(l64a, (l64a)(0));
    CALL(l64a, (l64a)(1));
    CALL(l64a, (l64a)(0x7fffffffffffffff));
    CALL(labs, (labs)(-1));
    CALL(labs, (labs)(0));
    CALL(labs, (labs)(1));
    CALL(labs, (labs)(0x7fffffffffffffff));
    CALL(lcong48, (lcong48)((void *)(buffer)));
    CALL(ldiv, ldiv(7, -2));
    CALL(llabs, (llabs)(-1));
    CALL(llabs, (llabs)(0));
    CALL(llabs, (llabs)(1));
    CALL(llabs, (llabs)(0x7fffffffffffffff));
    CALL(lldiv, lldiv(7, -2));
    CALL(lrand48, (lrand48)());
    CALL(mallinfo, (mallinfo)());
    CALL(malloc, free(malloc(8)));
    CALL(malloc, malloc(SIZE_MAX));
    CALL(malloc, malloc(0));
    CALL(mblen, (mblen)("", 0));
    CALL(mblen, (mblen)("1", 8));
    CALL(mblen, (mblen)(long_text, 1));
    CALL(mblen, (mblen)("/none/x", 64));
    CALL(mbstowcs, (mbstowcs)((void *)(buffer), "", 0));
    CALL(mbstowcs, (mbstowcs)((void *)(buffer), "1", 8));
    CALL(mbstowcs, (mbstowcs)((void *)(buffer), long_text, 1));
    CALL(mbstowcs, (mbstowcs)((void *)(buffer), "/none/x", 64));
    CALL(mbtowc, (mbtowc)((void *)(buffer), "", 0));
    CALL(mbtowc, (mbtowc)((void *)(buffer), "1", 8));
    CALL(mbtowc, (mbtowc)((void *)(buffer), long_text, 1));
    CALL(mbtowc, (mbtowc)((void *)(buffer), "/none/x", 64));
    CALL(mkdtemp, (mkdtemp)((void *)(buffer)));
    CALL(mkostemp, (mkostemp)((void *)(buffer), -1));
    CALL(mkostemp, (mkostemp)((void *)(buffer), 0));
    CALL(mkostemp, (mkostemp)((void *)(buffer), 1));
    CALL(mkostemp, (mkostemp)((void *)(buffer), 0x7fffffff));
    CALL(mkstemp, (mkstemp)((void *)(buffer)));
    CALL(mktemp, (mktemp)((void *)(buffer)));
    CALL(mrand48, (mrand48)());
    CALL(nrand48, (nrand48)((void *)(buffer)));
    CALL(on_exit, (on_exit)((void *)compare, (void *)(buffer)));
    CALL(posix_memalign, (posix_memalign)((void *)(buffer), 0, 0));
    CALL(posix_memalign, (posix_memalign)((void *)(buffer), 8, 8));
    CALL(posix_memalign, (posix_memalign)((void *)(buffer), 1, 1));
    CALL(posix_memalign, (posix_memalign)((void *)(buffer), 64, 64));
    CALL(putenv, putenv("EVERY=1"));
    CALL(putenv, putenv(""));
    CALL(qsort, (qsort)((void *)(buffer), 0, 0, (void *)compare));
    CALL(qsort, (qsort)((void *)(buffer), 8, 8, (void *)compare));
    CALL(qsort, (qsort)((void *)(buffer), 1, 1, (void *)compare));
    CALL(qsort, (qsort)((void *)(buffer), 64, 64, (void *)compare));
    CALL(qsort_r, (qsort_r)((void *)(buffer), 0, 0, (void *)compare, (void *)(buffer)));
    CALL(qsort_r, (qsort_r)((void *)(buffer), 8, 8, (void *)compare, (void *)(buffer)));
    CALL(qsort_r, (qsort_r)((void *)(buffer), 1, 1, (void *)compare, (void *)(buffer)));
    CALL(qsort_r, (qsort_r)((void *)(buffer), 64, 64, (void *)compare, (void *)(buffer)));
    /* not called: quick_exit: ends the program */
    CALL(rand, (rand)());
    CALL(rand_r, (rand_r)((void *)(buffer)));
    CALL(random, (random)());
    CALL(realloc, realloc(NULL, 8));
    CALL(reallocarray, reallocarray(NULL, 8, 8));
    CALL(reallocarray, reallocarray(NULL, SIZE_MAX, 8));
    CALL(realpath, (realpath)("", (void *)(buffer)));
    CALL(realpath, (realpath)("1", (void *)(buffer)));
    CALL(realpath, (realpath)(long_text, (void *)(buffer)));
    CALL(realpath, (realpath)("/none/x", (void *)(buffer)));
    CALL(secure_getenv, (secure_getenv)(""));
    CALL(secure_getenv, (secure_getenv)("1"));
    CALL(secure_getenv, (secure_getenv)(long_text));
    CALL(secure_getenv, (secure_getenv)("/none/x"));
    CALL(seed48, (seed48)((void *)(buffer)));
    CALL(setenv, (setenv)("", "", -1));
    CALL(setenv, (setenv)("1", "1", 0));
    CALL(setenv, (setenv)(long_text, long_text, 1));
    CALL(setenv, (setenv)("/none/x", "/none/x", 0x7fffffff));
    CALL(srand, (srand)(-1));
    CALL(srand, (srand)(0));
    CALL(srand, (srand)(1));
    CALL(srand, (srand)(0x7fffffff));
    CALL(srand48, (srand48)(-1));
    CALL(srand48, (srand48)(0));
    CALL(srand48, (srand48)(1));
    CALL(srand48, (srand48)(0x7fffffffffffffff));
    CALL(srandom, (srandom)(-1));
    CALL(srandom, (srandom)(0));
    CALL(srandom, (srandom)(1));
    CALL(srandom, (srandom)(0x7fffffff));
    CALL(strtod, (strtod)("", (void *)(buffer)));
    CALL(strtod, (strtod)("1", (void *)(buffer)));
    CALL(strtod, (strtod)(long_text, (void *)(buffer)));
    CALL(strtod, (strtod)("/none/x", (void *)(buffer)));
    CALL(strtod_l, (strtod_l)("", (void *)(buffer), any_locale));
    CALL(strtod_l, (strtod_l)("1", (void *)(buffer), any_locale));
    CALL(strtod_l, (strtod_l)(long_text, (void *)(buffer), any_locale));
    CALL(strtod_l, (strtod_l)("/none/x", (void *)(buffer), any_locale));
    CALL(strtof, (strtof)("", (void *)(buffer)));
    CALL(strtof, (strtof)("1", (void *)(buffer)));
    CALL(strtof, (strtof)(long_text, (void *)(buffer)));
    CALL(strtof, (strtof)("/none/x", (void *)(buffer)));
    CALL(strtof_l, (strtof_l)("", (void *)(buffer), any_locale));
    CALL(strtof_l, (strtof_l)("1", (void *)(buffer), any_locale));
    CALL(strtof_l, (strtof_l)(long_text, (void *)(buffer), any_locale));
    CALL(strtof_l, (strtof_l)("/none/x", (void *)(buffer), any_locale));
    CALL(strtol, (strtol)("", (void *)(buffer), -1));
    CALL(strtol, (strtol)("1", (void *)(buffer), 0));
    CALL(strtol, (strtol)(long_text, (void *)(buffer), 1));
    CALL(strtol, (strtol)("/none/x", (void *)(buffer), 0x7fffffff));
    CALL(strtol_l, (strtol_l)("", (void *)(buffer), -1, any_locale));
    CALL(strtol_l, (strtol_l)("1", (void *)(buffer), 0, any_locale));
    CALL(strtol_l, (strtol_l)(long_text, (void *)(buffer), 1, any_locale));
    CALL(strtol_l, (strtol_l)("/none/x", (void *)(buffer), 0x7fffffff, any_locale));
    CALL(strtold, (strtold)("", (void *)(buffer)));
    CALL(strtold, (strtold)("1", (void *)(buffer)));
    CALL(strtold, (strtold)(long_text, (void *)(buffer)));
    CALL(strtold, (strtold)("/none/x", (void *)(buffer)));
    CALL(strtold_l, (strtold_l)("", (void *)(buffer), any_locale));
    CALL(strtold_l, (strtold_l)("1", (void *)(buffer), any_locale));
    CALL(strtold_l, (strtold_l)(long_text, (void *)(buffer), any_locale));
    CALL(strtold_l, (strtold_l)("/none/x", (void *)(buffer), any_locale));
    CALL(strtoll, (strtoll)("", (void *)(buffer), -1));
    CALL(strtoll, (strtoll)("1", (void *)(buffer), 0));
    CALL(strtoll, (strtoll)(long_text, (void *)(buffer), 1));
    CALL(strtoll, (strtoll)("/none/x", (void *)(buffer), 0x7fffffff));
    CALL(strtoll_l, (strtoll_l)("", (void *)(buffer), -1, any_locale));
    CALL(strtoll_l, (strtoll_l)("1", (void *)(buffer), 0, any_locale));
    CALL(strtoll_l, (strtoll_l)(long_text, (void *)(buffer), 1, any_locale));
    CALL(strtoll_l, (strtoll_l)("/none/x", (void *)(buffer), 0x7fffffff, any_locale));
    CALL(strtoul, (strtoul)("", (void *)(buffer), -1));
    CALL(strtoul, (strtoul)("1", (void *)(buffer), 0));
    CALL(strtoul, (strtoul)(long_text, (void *)(buffer), 1));
    CALL(strtoul, (strtoul)("/none/x", (void *)(buffer), 0x7fffffff));
    CALL(strtoul_l, (strtoul_l)("", (void *)(buffer), -1, any_locale));
    CALL(strtoul_l, (strtoul_l)("1", (void *)(buffer), 0, any_locale));
    CALL(strtoul_l, (strtoul_l)(long_text, (void *)(buffer), 1, any_locale));
    CALL(strtoul_l, (strtoul_l)("/none/x", (void *)(buffer), 0x7fffffff, any_locale));
    CALL(strtoull, (strtoull)("", (void *)(buffer), -1));
    CALL(strtoull, (strtoull)("1", (void *)(buffer), 0));
    CALL(strtoull, (strtoull)(long_text, (void *)(buffer), 1));
    CALL(strtoull, (strtoull)("/none/x", (void *)(buffer), 0x7fffffff));
    CALL(strtoull_l, (strtoull_l)("", (void *)(buffer), -1, any_locale));
    CALL(strtoull_l, (strtoull_l)("1", (void *)(buffer), 0, any_locale));
    CALL(strtoull_l, (strtoull_l)(long_text, (void *)(buffer), 1, any_locale));
    CALL(strtoull_l, (strtoull_l)("/none/x", (void *)(buffer), 0x7fffffff, any_locale));
    CALL(system, (system)(""));
    CALL(system, (system)("1"));
    CALL(system, (system)(long_text));
    CALL(system, (system)("/none/x"));
    CALL(unsetenv, (unsetenv)(""));
    CALL(unsetenv, (unsetenv)("1"));
    CALL(unsetenv, (unsetenv)(long_text));
    CALL(unsetenv, (unsetenv)("/none/x"));
    CALL(wcstombs, (wcstombs)((void *)(buffer), L"", 0));
    CALL(wcstombs, (wcstombs)((void *)(buffer), L"1", 8));
    CALL(wcstombs, (wcstombs)((void *)(buffer), L"-x", 1));
    CALL(wcstombs, (wcstombs)((void *)(buffer), L"%", 64));
    CALL(wctomb, (wctomb)((void *)(buffer), -1));
    CALL(wctomb, (wctomb)((void *)(buffer), 0));
    CALL(wctomb, (wctomb)((void *)(buffer), 1));
    CALL(wctomb, (wctomb)((void *)(buffer), 0x7fffffff));
}

/* <string.h> */
static void call_string_h(int first, ...)
{
    CALL(explicit_bzero, (explicit_bzero)((void *)(buffer), 0));
    CALL(explicit_bzero, (explicit_bzero)((void *)(buffer), 8));
    CALL(explicit_bzero, (explicit_bzero)((void *)(buffer), 1));
    CALL(explicit_bzero, (explicit_bzero)((void *)(buffer), 64));
    CALL(memccpy, (memccpy)((void *)(buffer), (void *)(buffer), -1, 0));
    CALL(memccpy, (memccpy)((void *)(buffer), (void *)(buffer), 0, 8));
    CALL(memccpy, (memccpy)((void *)(buffer), (void *)(buffer), 1, 1));
    CALL(memccpy, (memccpy)((void *)(buffer), (void *)(buffer), 0x7fffffff, 64));
    CALL(memchr, (memchr)((void *)(buffer), -1, 0));
    CALL(memchr, (memchr)((void *)(buffer), 0, 8));
    CALL(memchr, (memchr)((void *)(buffer), 1, 1));
    CALL(memchr, (memchr)((void *)(buffer), 0x7fffffff, 64));
    CALL(memcmp, (memcmp)((void *)(buffer), (void *)(buffer), 0));
    CALL(memcmp, (memcmp)((void *)(buffer), (void *)(buffer), 8));
    CALL(memcmp, (memcmp)((void *)(buffer), (void *)(buffer), 1));
    CALL(memcmp, (memcmp)((void *)(buffer), (void *)(buffer), 64));
    CALL(memcpy, (memcpy)((void *)(buffer), (void *)(buffer), 0));
    CALL(memcpy, (memcpy)((void *)(buffer), (void *)(buffer), 8));
    CALL(memcpy, (memcpy)((void *)(buffer), (void *)(buffer), 1));
    CALL(memcpy, (memcpy)((void *)(buffer), (void *)(buffer), 64));
    CALL(memmem, (memmem)((void *)(buffer), 0, (void *)(buffer), 0));
    CALL(memmem, (memmem)((void *)(buffer), 8, (void *)(buffer), 8));
    CALL(memmem, (memmem)((void *)(buffer), 1, (void *)(buffer), 1));
    CALL(memmem, (memmem)((void *)(buffer), 64, (void *)(buffer), 64));
    CALL(memmove, (memmove)((void *)(buffer), (void *)(buffer), 0));
    CALL(memmove, (memmove)((void *)(buffer), (void *)(buffer), 8));
    CALL(memmove, (memmove)((void *)(buffer), (void *)(buffer), 1));
    CALL(memmove, (memmove)((void *)(buffer), (void *)(buffer), 64));
    CALL(mempcpy, (mempcpy)((void *)(buffer), (void *)(buffer), 0));
    CALL(mempcpy, (mempcpy)((void *)(buffer), (void *)(buffer), 8));
    CALL(mempcpy, (mempcpy)((void *)(buffer), (void *)(buffer), 1));
    CALL(mempcpy, (mempcpy)((void *)(buffer), (void *)(buffer), 64));
    CALL(memrchr, (memrchr)((void *)(buffer), -1, 0));
    CALL(memrchr, (memrchr)((void *)(buffer), 0, 8));
    CALL(memrchr, (memrchr)((void *)(buffer), 1, 1));
    CALL(memrchr, (memrchr)((void *)(buffer), 0x7fffffff, 64));
    CALL(memset, memset(buffer, -1, 64));
    CALL(rawmemchr, rawmemchr(buffer, 0));
    CALL(stpcpy, (stpcpy)((void *)(buffer), ""));
    CALL(stpcpy, (stpcpy)((void *)(buffer), "1"));
    CALL(stpcpy, (stpcpy)((void *)(buffer), long_text));
    CALL(stpcpy, (stpcpy)((void *)(buffer), "/none/x"));
    CALL(stpncpy, (stpncpy)((void *)(buffer), "", 0));
    CALL(stpncpy, (stpncpy)((void *)(buffer), "1", 8));
    CALL(stpncpy, (stpncpy)((void *)(buffer), long_text, 1));
    CALL(stpncpy, (stpncpy)((void *)(buffer), "/none/x", 64));
    CALL(strcasestr, (strcasestr)("", ""));
    CALL(strcasestr, (strcasestr)("1", "1"));
    CALL(strcasestr, (strcasestr)(long_text, long_text));
    CALL(strcasestr, (strcasestr)("/none/x", "/none/x"));
    CALL(strcat, (strcat)((void *)(buffer), ""));
    CALL(strcat, (strcat)((void *)(buffer), "1"));
    CALL(strcat, (strcat)((void *)(buffer), long_text));
    CALL(strcat, (strcat)((void *)(buffer), "/none/x"));
    CALL(strchr, (strchr)("", -1));
    CALL(strchr, (strchr)("1", 0));
    CALL(strchr, (strchr)(long_text, 1));
    CALL(strchr, (strchr)("/none/x", 0x7fffffff));
    CALL(strchrnul, (strchrnul)("", -1));
    CALL(strchrnul, (strchrnul)("1", 0));
    CALL(strchrnul, (strchrnul)(long_text, 1));
    CALL(strchrnul, (strchrnul)("/none/x", 0x7fffffff));
    CALL(strcmp, (strcmp)("", ""));
    CALL(strcmp, (strcmp)("1", "1"));
    CALL(strcmp, (strcmp)(long_text, long_text));
    CALL(strcmp, (strcmp)("/none/x", "/none/x"));
    CALL(strcoll, (strcoll)("", ""));
    CALL(strcoll, (strcoll)("1", "1"));
    CALL(strcoll, (strcoll)(long_text, long_text));
    CALL(strcoll, (strcoll)("/none/x", "/none/x"));
    CALL(strcoll_l, (strcoll_l)("", "", any_locale));
    CALL(strcoll_l, (strcoll_l)("1", "1", any_locale));
    CALL(strcoll_l, (strcoll_l)(long_text, long_text, any_locale));
    CALL(strcoll_l, (strcoll_l)("/none/x", "/none/x", any_locale));
    CALL(strcpy, (strcpy)((void *)(buffer), ""));
    CALL(strcpy, (strcpy)((void *)(buffer), "1"));
    CALL(strcpy, (strcpy)((void *)(buffer), long_text));
    CALL(strcpy, (strcpy)((void *)(buffer), "/none/x"));
    CALL(strcspn, (strcspn)("", ""));
    CALL(strcspn, (strcspn)("1", "1"));
    CALL(strcspn, (strcspn)(long_text, long_text));
    CALL(strcspn, (strcspn)("/none/x", "/none/x"));
    CALL(strdup, (strdup)(""));
    CALL(strdup, (strdup)("1"));
    CALL(strdup, (strdup)(long_text));
    CALL(strdup, (strdup)("/none/x"));
    CALL(strerror, (strerror)(-1));
    CALL(strerror, (strerror)(0));
    CALL(strerror, (strerror)(1));
    CALL(strerror, (strerror)(0x7fffffff));
    CALL(strerror_l, (strerror_l)(-1, any_locale));
    CALL(strerror_l, (strerror_l)(0, any_locale));
    CALL(strerror_l, (strerror_l)(1, any_locale));
    CALL(strerror_l, (strerror_l)(0x7fffffff, any_locale));
    CALL(strerror_r, strerror_r(-1, buffer, 8));
    CALL(strerror_r, strerror_r(1, buffer, 0));
    CALL(strlcat, (strlcat)((void *)(buffer), "", 0));
    CALL(strlcat, (strlcat)((void *)(buffer), "1", 8));
    CALL(strlcat, (strlcat)((void *)(buffer), long_text, 1));
    CALL(strlcat, (strlcat)((void *)(buffer), "/none/x", 64));
    CALL(strlcpy, (strlcpy)((void *)(buffer), "", 0));
    CALL(strlcpy, (strlcpy)((void *)(buffer), "1", 8));
    CALL(strlcpy, (strlcpy)((void *)(buffer), long_text, 1));
    CALL(strlcpy, (strlcpy)((void *)(buffer), "/none/x", 64));
    CALL(strlen, (strlen)(""));
    CALL(strlen, (strlen)("1"));
    CALL(strlen, (strlen)(long_text));
    CALL(strlen, (strlen)("/none/x"));
    CALL(strncat, (strncat)((void *)(buffer), "", 0));
    CALL(strncat, (strncat)((void *)(buffer), "1", 8));
    CALL(strncat, (strncat)((void *)(buffer), long_text, 1));
    CALL(strncat, (strncat)((void *)(buffer), "/none/x", 64));
    CALL(strncmp, (strncmp)("", "", 0));
    CALL(strncmp, (strncmp)("1", "1", 8));
    CALL(strncmp, (strncmp)(long_text, long_text, 1));
    CALL(strncmp, (strncmp)("/none/x", "/none/x", 64));
    CALL(strncpy, (strncpy)((void *)(buffer), "", 0));
    CALL(strncpy, (strncpy)((void *)(buffer), "1", 8));
    CALL(strncpy, (strncpy)((void *)(buffer), long_text, 1));
    CALL(strncpy, (strncpy)((void *)(buffer), "/none/x", 64));
    CALL(strndup, (strndup)("", 0));
    CALL(strndup, (strndup)("1", 8));
    CALL(strndup, (strndup)(long_text, 1));
    CALL(strndup, (strndup)("/none/x", 64));
    CALL(strnlen, (strnlen)("", 0));
    CALL(strnlen, (strnlen)("1", 8));
    CALL(strnlen, (strnlen)(long_text, 1));
    CALL(strnlen, (strnlen)("/none/x", 64));
    CALL(strpbrk, (strpbrk)("", ""));
    CALL(strpbrk, (strpbrk)("1", "1"));
    CALL(strpbrk, (strpbrk)(long_text, long_text));
    CALL(strpbrk, (strpbrk)("/none/x", "/none/x"));
    CALL(strrchr, (strrchr)("", -1));
    CALL(strrchr, (strrchr)("1", 0));
    CALL(strrchr, (strrchr)(long_text, 1));
    CALL(strrchr, (strrchr)("/none/x", 0x7fffffff));
    CALL(strsep, (strsep)((void *)(buffer), ""));
    CALL(strsep, (strsep)((void *)(buffer), "1"));
    CALL(strsep, (strsep)((void *)(buffer), long_text));
    CALL(strsep, (strsep)((void *)(buffer), "/none/x"));
    CALL(strsignal, (strsignal)(-1));
    CALL(strsignal, (strsignal)(0));
    CALL(strsignal, (strsignal)(1));
    CALL(strsignal, (strsignal)(0x7fffffff));
    CALL(strspn, (strspn)("", ""));
    CALL(strspn, (strspn)("1", "1"));
    CALL(strspn, (strspn)(long_text, long_text));
    CALL(strspn, (strspn)("/none/x", "/none/x"));
    CALL(strstr, (strstr)("", ""));
    CALL(strstr, (strstr)("1", "1"));
    CALL(strstr, (strstr)(long_text, long_text));
    CALL(strstr, (strstr)("/none/x", "/none/x"));
    CALL(strtok, strtok(buffer, " "));
    CALL(strtok_r, (strtok_r)((void *)(buffer), "", (void *)(buffer)));
    CALL(strtok_r, (strtok_r)((void *)(buffer), "1", (void *)(buffer)));
    CALL(strtok_r, (strtok_r)((void *)(buffer), long_text, (void *)(buffer)));
    CALL(strtok_r, (strtok_r)((void *)(buffer), "/none/x", (void *)(buffer)));
    CALL(strxfrm, (strxfrm)((void *)(buffer), "", 0));
    CALL(strxfrm, (strxfrm)((void *)(buffer), "1", 8));
    CALL(strxfrm, (strxfrm)((void *)(buffer), long_text, 1));
    CALL(strxfrm, (strxfrm)((void *)(buffer), "/none/x", 64));
    CALL(strxfrm_l, (strxfrm_l)((void *)(buffer), "", 0, any_locale));
    CALL(strxfrm_l, (strxfrm_l)((void *)(buffer), "1", 8, any_locale));
    CALL(strxfrm_l, (strxfrm_l)((void *)(buffer), long_text, 1, any_locale));
    CALL(strxfrm_l, (strxfrm_l)((void *)(buffer), "/none/x", 64, any_locale));
}

/* <strings.h> */
static void call_strings_h(int first, ...)
{
    CALL(bcmp, (bcmp)((void *)(buffer), (void *)(buffer), 0));
    CALL(bcmp, (bcmp)((void *)(buffer), (void *)(buffer), 8));
    CALL(bcmp, (bcmp)((void *)(buffer), (void *)(buffer), 1));
    CALL(bcmp, (bcmp)((void *)(buffer), (void *)(buffer), 64));
    CALL(bcopy, (bcopy)((void *)(buffer), (void *)(buffer), 0));
    CALL(bcopy, (bcopy)((void *)(buffer), (void *)(buffer), 8));
    CALL(bcopy, (bcopy)((void *)(buffer), (void *)(buffer), 1));
    CALL(bcopy, (bcopy)((void *)(buffer), (void *)(buffer), 64));
    CALL(bzero, (bzero)((void *)(buffer), 0));
    CALL(bzero, (bzero)((void *)(buffer), 8));
    CALL(bzero, (bzero)((void *)(buffer), 1));
    CALL(bzero, (bzero)((void *)(buffer), 64));
    CALL(ffs, (ffs)(-1));
    CALL(ffs, (ffs)(0));
    CALL(ffs, (ffs)(1));
    CALL(ffs, (ffs)(0x7fffffff));
    CALL(ffsl, (ffsl)(-1));
    CALL(ffsl, (ffsl)(0));
    CALL(ffsl, (ffsl)(1));
    CALL(ffsl, (ffsl)(0x7fffffffffffffff));
    CALL(ffsll, (ffsll)(-1));
    CALL(ffsll, (ffsll)(0));
    CALL(ffsll, (ffsll)(1));
    CALL(ffsll, (ffsll)(0x7fffffffffffffff));
    CALL(index, (index)("", -1));
    CALL(index, (index)("1", 0));
    CALL(index, (index)(long_text, 1));
    CALL(index, (index)("/none/x", 0x7fffffff));
    CALL(rindex, (rindex)("", -1));
    CALL(rindex, (rindex)("1", 0));
    CALL(rindex, (rindex)(long_text, 1));
    CALL(rindex, (rindex)("/none/x", 0x7fffffff));
    CALL(strcasecmp, (strcasecmp)("", ""));
    CALL(strcasecmp, (strcasecmp)("1", "1"));
    CALL(strcasecmp, (strcasecmp)(long_text, long_text));
    CALL(strcasecmp, (strcasecmp)("/none/x", "/none/x"));
    CALL(strcasecmp_l, (strcasecmp_l)("", "", any_locale));
    CALL(strcasecmp_l, (strcasecmp_l)("1", "1", any_locale));
    CALL(strcasecmp_l, (strcasecmp_l)(long_text, long_text, any_locale));
    CALL(strcasecmp_l, (strcasecmp_l)("/none/x", "/none/x", any_locale));
    CALL(strncasecmp, (strncasecmp)("", "", 0));
    CALL(strncasecmp, (strncasecmp)("1", "1", 8));
    CALL(strncasecmp, (strncasecmp)(long_text, long_text, 1));
    CALL(strncasecmp, (strncasecmp)("/none/x", "/none/x", 64));
    CALL(strncasecmp_l, (strncasecmp_l)("", "", 0, any_locale));
    CALL(strncasecmp_l, (strncasecmp_l)("1", "1", 8, any_locale));
    CALL(strncasecmp_l, (strncasecmp_l)(long_text, long_text, 1, any_locale));
    CALL(strncasecmp_l, (strncasecmp_l)("/none/x", "/none/x", 64, any_locale));
}

/* <sys/auxv.h> */
static void call_sys_auxv_h(int first, ...)
{
    CALL(getauxval, (getauxval)(-1));
    CALL(getauxval, (getauxval)(0));
    CALL(getauxval, (getauxval)(1));
    CALL(getauxval, (getauxval)(0x7fffffffffffffff));
}

/* <sys/file.h> */
static void call_sys_file_h(int first, ...)
{
    CALL(flock, (flock)(-1, -1));
    CALL(flock, (flock)(0, 0));
    CALL(flock, (flock)(1, 1));
    CALL(flock, (flock)(0x7fffffff, 0x7fffffff));
}

/* <sys/ioctl.h> */
static void call_sys_ioctl_h(int first, ...)
{
    CALL(ioctl, (ioctl)(-1, -1));
    CALL(ioctl, (ioctl)(0, 0));
    CALL(ioctl, (ioctl)(1, 1));
    CALL(ioctl, (ioctl)(0x7fffffff, 0x7fffffffffffffff));
}

/* <sys/ipc.h> */
static void call_sys_ipc_h(int first, ...)
{
    CALL(ftok, (ftok)("", -1));
    CALL(ftok, (ftok)("1", 0));
    CALL(ftok, (ftok)(long_text, 1));
    CALL(ftok, (ftok)("/none/x", 0x7fffffff));
}

/* <sys/mman.h> */
static void call_sys_mman_h(int first, ...)
{
    CALL(madvise, (madvise)((void *)(buffer), 0, -1));
    CALL(madvise, (madvise)((void *)(buffer), 8, 0));
    CALL(madvise, (madvise)((void *)(buffer), 1, 1));
    CALL(madvise, (madvise)((void *)(buffer), 64, 0x7fffffff));
    CALL(mlock, (mlock)((void *)(buffer), 0));
    CALL(mlock, (mlock)((void *)(buffer), 8));
    CALL(mlock, (mlock)((void *)(buffer), 1));
    CALL(mlock, (mlock)((void *)(buffer), 64));
    CALL(mmap, mmap(NULL, 0, 0, 0, -1, 0));
    CALL(mmap, mmap(NULL, 8, -1, -1, 99, -1));
    CALL(mmap, mmap(NULL, SIZE_MAX, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CALL(mmap, munmap(mmap(NULL, 8, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 8));
    CALL(mprotect, (mprotect)((void *)(buffer), 0, -1));
    CALL(mprotect, (mprotect)((void *)(buffer), 8, 0));
    CALL(mprotect, (mprotect)((void *)(buffer), 1, 1));
    CALL(mprotect, (mprotect)((void *)(buffer), 64, 0x7fffffff));
    CALL(mremap, (mremap)((void *)(buffer), 0, 0, -1));
    CALL(mremap, (mremap)((void *)(buffer), 8, 8, 0));
    CALL(mremap, (mremap)((void *)(buffer), 1, 1, 1));
    CALL(mremap, (mremap)((void *)(buffer), 64, 64, 0x7fffffff));
    CALL(msync, (msync)((void *)(buffer), 0, -1));
    CALL(msync, (msync)((void *)(buffer), 8, 0));
    CALL(msync, (msync)((void *)(buffer), 1, 1));
    CALL(msync, (msync)((void *)(buffer), 64, 0x7fffffff));
    CALL(munlock, (munlock)((void *)(buffer), 0));
    CALL(munlock, (munlock)((void *)(buffer), 8));
    CALL(munlock, (munlock)((void *)(buffer), 1));
    CALL(munlock, (munlock)((void *)(buffer), 64));
    CALL(munmap, (munmap)((void *)(buffer), 0));
    CALL(munmap, (munmap)((void *)(buffer), 8));
    CALL(munmap, (munmap)((void *)(buffer), 1));
    CALL(munmap, (munmap)((void *)(buffer), 64));
    CALL(posix_madvise, (posix_madvise)((void *)(buffer), 0, -1));
    CALL(posix_madvise, (posix_madvise)((void *)(buffer), 8, 0));
    CALL(posix_madvise, (posix_madvise)((void *)(buffer), 1, 1));
    CALL(posix_madvise, (posix_madvise)((void *)(buffer), 64, 0x7fffffff));
}

/* <sys/prctl.h> */
static void call_sys_prctl_h(int first, ...)
{
    CALL(prctl, (prctl)(-1));
    CALL(prctl, (prctl)(0));
    CALL(prctl, (prctl)(1));
    CALL(prctl, (prctl)(0x7fffffff));
}

/* <sys/random.h> */
static void call_sys_random_h(int first, ...)
{
    CALL(getentropy, (getentropy)((void *)(buffer), 0));
    CALL(getentropy, (getentropy)((void *)(buffer), 8));
    CALL(getentropy, (getentropy)((void *)(buffer), 1));
    CALL(getentropy, (getentropy)((void *)(buffer), 64));
    CALL(getentropy, (getentropy)((void *)(buffer), 0));
    CALL(getentropy, (getentropy)((void *)(buffer), 8));
    CALL(getentropy, (getentropy)((void *)(buffer), 1));
    CALL(getentropy, (getentropy)((void *)(buffer), 64));
    CALL(getrandom, (getrandom)((void *)(buffer), 0, -1));
    CALL(getrandom, (getrandom)((void *)(buffer), 8, 0));
    CALL(getrandom, (getrandom)((void *)(buffer), 1, 1));
    CALL(getrandom, (getrandom)((void *)(buffer), 64, 0x7fffffff));
}

/* <sys/resource.h> */
static void call_sys_resource_h(int first, ...)
{
    CALL(getpriority, (getpriority)(-1, -1));
    CALL(getpriority, (getpriority)(0, 0));
    CALL(getpriority, (getpriority)(1, 1));
    CALL(getpriority, (getpriority)(0x7fffffff, 0x7fffffff));
    CALL(getrlimit, (getrlimit)(-1, (void *)(buffer)));
    CALL(getrlimit, (getrlimit)(0, (void *)(buffer)));
    CALL(getrlimit, (getrlimit)(1, (void *)(buffer)));
    CALL(getrlimit, (getrlimit)(0x7fffffff, (void *)(buffer)));
    CALL(getrusage, (getrusage)(-1, (void *)(buffer)));
    CALL(getrusage, (getrusage)(0, (void *)(buffer)));
    CALL(getrusage, (getrusage)(1, (void *)(buffer)));
    CALL(getrusage, (getrusage)(0x7fffffff, (void *)(buffer)));
    CALL(setpriority, (setpriority)(-1, -1, -1));
    CALL(setpriority, (setpriority)(0, 0, 0));
    CALL(setpriority, (setpriority)(1, 1, 1));
    CALL(setpriority, (setpriority)(0x7fffffff, 0x7fffffff, 0x7fffffff));
    CALL(setrlimit, (setrlimit)(-1, (void *)(buffer)));
    CALL(setrlimit, (setrlimit)(0, (void *)(buffer)));
    CALL(setrlimit, (setrlimit)(1, (void *)(buffer)));
    CALL(setrlimit, (setrlimit)(0x7fffffff, (void *)(buffer)));
}

/* <sys/select.h> */
static void call_sys_select_h(int first, ...)
{
    CALL(pselect, (pselect)(-1, (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(pselect, (pselect)(0, (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(pselect, (pselect)(1, (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(pselect, (pselect)(0x7fffffff, (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(select, (select)(-1, (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(select, (select)(0, (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(select, (select)(1, (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
    CALL(select, (select)(0x7fffffff, (void *)(buffer), (void *)(buffer), (void *)(buffer), (void *)(buffer)));
}

/* <sys/shm.h> */
static void call_sys_shm_h(int first, ...)
{
    CALL(shmat, (shmat)(-1, (void *)(buffer), -1));
    CALL(shmat, (shmat)(0, (void *)(buffer), 0));
    CALL(shmat, (shmat)(1, (void *)(buffer), 1));
    CALL(shmat, (shmat)(0x7fffffff, (void *)(buffer), 0x7fffffff));
    CALL(shmctl, (shmctl)(-1, -1, (void *)(buffer)));
    CALL(shmctl, (shmctl)(0, 0, (void *)(buffer)));
    CALL(shmctl, (shmctl)(1, 1, (void *)(buffer)));
    CALL(shmctl, (shmctl)(0x7fffffff, 0x7fffffff, (void *)(buffer)));
    CALL(shmdt, (shmdt)((void *)(buffer)));
    CALL(shmget, (shmget)(-1, 0, -1));
    CALL(shmget, (shmget)(0, 8, 0));
    CALL(shmget, (shmget)(1, 1, 1));
    CALL(shmget, (shmget)(0x7fffffff, 64, 0x7fffffff));
}

/* <sys/socket.h> */
static void call_sys_socket_h(int first, ...)
{
    CALL(accept, (accept)(-1, (void *)(buffer), (void *)(buffer)));
    CALL(accept, (accept)(0, (void *)(buffer), (void *)(buffer)));
    CALL(accept, (accept)(1, (void *)(buffer), (void *)(buffer)));
    CALL(accept, (accept)(0x7fffffff, (void *)(buffer), (void *)(buffer)));
    CALL(accept4, (accept4)(-1, (void *)(buffer), (void *)(buffer), -1));
    CALL(accept4, (accept4)(0, (void *)(buffer), (void *)(buffer), 0));
    CALL(accept4, (accept4)(1, (void *)(buffer), (void *)(buffer), 1));
    CALL(accept4, (accept4)(0x7fffffff, (void *)(buffer), (void *)(buffer), 0x7fffffff));
    CALL(bind, (bind)(-1, (void *)(buffer), 0));
    CALL(bind, (bind)(0, (void *)(buffer), 8));
    CALL(bind, (bind)(1, (void *)(buffer), 1));
    CALL(bind, (bind)(0x7fffffff, (void *)(buffer), 64));
    CALL(connect, (connect)(-1, (void *)(buffer), 0));
    CALL(connect, (connect)(0, (void *)(buffer), 8));
    CALL(connect, (connect)(1, (void *)(buffer), 1));
    CALL(connect, (connect)(0x7fffffff, (void *)(buffer), 64));
    CALL(getpeername, (getpeername)(-1, (void *)(buffer), (void *)(buffer)));
    CALL(getpeername, (getpeername)(0, (void *)(buffer), (void *)(buffer)));
    CALL(getpeername, (getpeername)(1, (void *)(buffer), (void *)(buffer)));
    CALL(getpeername, (getpeername)(0x7fffffff, (void *)(buffer), (void *)(buffer)));
    CALL(getsockname, (getsockname)(-1, (void *)(buffer), (void *)(buffer)));
    CALL(getsockname, (getsockname)(0, (void *)(buffer), (void *)(buffer)));
    CALL(getsockname, (getsockname)(1, (void *)(buffer), (void *)(buffer)));
    CALL(getsockname, (getsockname)(0x7fffffff, (void *)(buffer), (void *)(buffer)));
    CALL(getsockopt, (getsockopt)(-1, -1, -1, (void *)(buffer), (void *)(buffer)));
    CALL(getsockopt, (getsockopt)(0, 0, 0, (void *)(buffer), (void *)(buffer)));
    CALL(getsockopt, (getsockopt)(1, 1, 1, (void *)(buffer), (void *)(buffer)));
    CALL(getsockopt, (getsockopt)(0x7fffffff, 0x7fffffff, 0x7fffffff, (void *)(buffer), (void *)(buffer)));
    CALL(listen, (listen)(-1, -1));
    CALL(listen, (listen)(0, 0));
    CALL(listen, (listen)(1, 1));
    CALL(listen, (listen)(0x7fffffff, 0x7fffffff));
    CALL(recv, (recv)(-1, (void *)(buffer), 0, -1));
    CALL(recv, (recv)(0, (void *)(buffer), 8, 0));
    CALL(recv, (recv)(1, (void *)(buffer), 1, 1));
    CALL(recv, (recv)(0x7fffffff, (void *)(buffer), 64, 0x7fffffff));
    CALL(recvfrom, (recvfrom)(-1, (void *)(buffer), 0, -1, (void *)(buffer), (void *)(buffer)));
    CALL(recvfrom, (recvfrom)(0, (void *)(buffer), 8, 0, (void *)(buffer), (void *)(buffer)));
    CALL(recvfrom, (recvfrom)(1, (void *)(buffer), 1, 1, (void *)(buffer), (void *)(buffer)));
    CALL(recvfrom, (recvfrom)(0x7fffffff, (void *)(buffer), 64, 0x7fffffff, (void *)(buffer), (void *)(buffer)));
    CALL(recvmsg, (recvmsg)(-1, (void *)(buffer), -1));
    CALL(recvmsg, (recvmsg)(0, (void *)(buffer), 0));
    CALL(recvmsg, (recvmsg)(1, (void *)(buffer), 1));
    CALL(recvmsg, (recvmsg)(0x7fffffff, (void *)(buffer), 0x7fffffff));
    CALL(send, (send)(-1, (void *)(buffer), 0, -1));
    CALL(send, (send)(0, (void *)(buffer), 8, 0));
    CALL(send, (send)(1, (void *)(buffer), 1, 1));
    CALL(send, (send)(0x7fffffff, (void *)(buffer), 64, 0x7fffffff));
    CALL(sendmsg, (sendmsg)(-1, (void *)(buffer), -1));
    CALL(sendmsg, (sendmsg)(0, (void *)(buffer), 0));
    CALL(sendmsg, (sendmsg)(1, (void *)(buffer), 1));
    CALL(sendmsg, (sendmsg)(0x7fffffff, (void *)(buffer), 0x7fffffff));
    CALL(sendto, (sendto)(-1, (void *)(buffer), 0, -1, (void *)(buffer), 0));
    CALL(sendto, (sendto)(0, (void *)(buffer), 8, 0, (void *)(buffer), 8));
    CALL(sendto, (sendto)(1, (void *)(buffer), 1, 1, (void *)(buffer), 1));
    CALL(sendto, (sendto)(0x7fffffff, (void *)(buffer), 64, 0x7fffffff, (void *)(buffer), 64));
    CALL(setsockopt, (setsockopt)(-1, -1, -1, (void *)(buffer), 0));
    CALL(setsockopt, (setsockopt)(0, 0, 0, (void *)(buffer), 8));
    CALL(setsockopt, (setsockopt)(1, 1, 1, (void *)(buffer), 1));
    CALL(setsockopt, (setsockopt)(0x7fffffff, 0x7fffffff, 0x7fffffff, (void *)(buffer), 64));
    CALL(shutdown, (shutdown)(-1, -1));
    CALL(shutdown, (shutdown)(0, 0));
    CALL(shutdown, (shutdown)(1, 1));
    CALL(shutdown, (shutdown)(0x7fffffff, 0x7fffffff));
    CALL(sockatmark, (sockatmark)(-1));
    CALL(sockatmark, (sockatmark)(0));
    CALL(sockatmark, (sockatmark)(1));
    CALL(sockatmark, (sockatmark)(0x7fffffff));
    CALL(socket, (socket)(-1, -1, -1));
    CALL(socket, (socket)(0, 0, 0));
    CALL(socket, (socket)(1, 1, 1));
    CALL(socket, (socket)(0x7fffffff, 0x7fffffff, 0x7fffffff));
    CALL(socketpair, (socketpair)(-1, -1, -1, (void *)(buffer)));
    CALL(socketpair, (socketpair)(0, 0, 0, (void *)(buffer)));
    CALL(socketpair, (socketpair)(1, 1, 1, (void *)(buffer)));
    CALL(socketpair, (socketpair)(0x7fffffff, 0x7fffffff, 0x7fffffff, (void *)(buffer)));
}

/* <sys/stat.h> */
static void call_sys_stat_h(int first, ...)
{
    CALL(chmod, (chmod)("", -1));
    CALL(chmod, (chmod)("1", 0));
    CALL(chmod, (chmod)(long_text, 1));
    CALL(chmod, (chmod)("/none/x", 0x7fffffff));
    CALL(fchmod, (fchmod)(-1, -1));
    CALL(fchmod, (fchmod)(0, 0));
    CALL(fchmod, (fchmod)(1, 1));
    CALL(fchmod, (fchmod)(0x7fffffff, 0x7fffffff));
    CALL(fchmodat, (fchmodat)(-1, "", -1, -1));
    CALL(fchmodat, (fchmodat)(0, "1", 0, 0));
    CALL(fchmodat, (fchmodat)(1, long_text, 1, 1));
    CALL(fchmodat, (fchmodat)(0x7fffffff, "/none/x", 0x7fffffff, 0x7fffffff));
    CALL(fstat, (fstat)(-1, (void *)(buffer)));
    CALL(fstat, (fstat)(0, (void *)(buffer)));
    CALL(fstat, (fstat)(1, (void *)(buffer)));
    CALL(fstat, (fstat)(0x7fffffff, (void *)(buffer)));
    CALL(fstatat, (fstatat)(-1, "", (void *)(buffer), -1));
    CALL(fstatat, (fstatat)(0, "1", (void *)(buffer), 0));
    CALL(fstatat, (fstatat)(1, long_text, (void *)(buffer), 1));
    CALL(fstatat, (fstatat)(0x7fffffff, "/none/x", (void *)(buffer), 0x7fffffff));
    CALL(futimens, (futimens)(-1, (void *)(buffer)));
    CALL(futimens, (futimens)(0, (void *)(buffer)));
    CALL(futimens, (futimens)(1, (void *)(buffer)));
    CALL(futimens, (futimens)(0x7fffffff, (void *)(buffer)));
    CALL(lstat, (lstat)("", (void *)(buffer)));
    CALL(lstat, (lstat)("1", (void *)(buffer)));
    CALL(lstat, (lstat)(long_text, (void *)(buffer)));
    CALL(lstat, (lstat)("/none/x", (void *)(buffer)));
    CALL(mkdir, (mkdir)("", -1));
    CALL(mkdir, (mkdir)("1", 0));
    CALL(mkdir, (mkdir)(long_text, 1));
    CALL(mkdir, (mkdir)("/none/x", 0x7fffffff));
    CALL(mkdirat, (mkdirat)(-1, "", -1));
    CALL(mkdirat, (mkdirat)(0, "1", 0));
    CALL(mkdirat, (mkdirat)(1, long_text, 1));
    CALL(mkdirat, (mkdirat)(0x7fffffff, "/none/x", 0x7fffffff));
    CALL(mkfifo, (mkfifo)("", -1));
    CALL(mkfifo, (mkfifo)("1", 0));
    CALL(mkfifo, (mkfifo)(long_text, 1));
    CALL(mkfifo, (mkfifo)("/none/x", 0x7fffffff));
    CALL(mkfifoat, (mkfifoat)(-1, "", -1));
    CALL(mkfifoat, (mkfifoat)(0, "1", 0));
    CALL(mkfifoat, (mkfifoat)(1, long_text, 1));
    CALL(mkfifoat, (mkfifoat)(0x7fffffff, "/none/x", 0x7fffffff));
    CALL(mknod, (mknod)("", -1, -1));
    CALL(mknod, (mknod)("1", 0, 0));
    CALL(mknod, (mknod)(long_text, 1, 1));
    CALL(mknod, (mknod)("/none/x", 0x7fffffff, 0x7fffffffffffffff));
    CALL(stat, (stat)("", (void *)(buffer)));
    CALL(stat, (stat)("1", (void *)(buffer)));
    CALL(stat, (stat)(long_text, (void *)(buffer)));
    CALL(stat, (stat)("/none/x", (void *)(buffer)));
    CALL(umask, (umask)(-1));
    CALL(umask, (umask)(0));
    CALL(umask, (umask)(1));
    CALL(umask, (umask)(0x7fffffff));
    CALL(utimensat, (utimensat)(-1, "", (void *)(buffer), -1));
    CALL(utimensat, (utimensat)(0, "1", (void *)(buffer), 0));
    CALL(utimensat, (utimensat)(1, long_text, (void *)(buffer), 1));
    CALL(utimensat, (utimensat)(0x7fffffff, "/none/x", (void *)(buffer), 0x7fffffff));
}

/* <sys/statvfs.h> */
static void call_sys_statvfs_h(int first, ...)
{
    CALL(fstatvfs, (fstatvfs)(-1, (void *)(buffer)));
    CALL(fstatvfs, (fstatvfs)(0, (void *)(buffer)));
    CALL(fstatvfs, (fstatvfs)(1, (void *)(buffer)));
    CALL(fstatvfs, (fstatvfs)(0x7fffffff, (void *)(buffer)));
    CALL(statvfs, (statvfs)("", (void *)(buffer)));
    CALL(statvfs, (statvfs)("1", (void *)(buffer)));
    CALL(statvfs, (statvfs)(long_text, (void *)(buffer)));
    CALL(statvfs, (statvfs)("/none/x", (void *)(buffer)));
}

/* <sys/syscall.h> */
static void call_sys_syscall_h(int first, ...)
{
    CALL(syscall, (syscall)(-1));
    CALL(syscall, (syscall)(0));
    CALL(syscall, (syscall)(1));
    CALL(syscall, (syscall)(0x7fffffffffffffff));
    CALL(syscall, (syscall)(-1));
    CALL(syscall, (syscall)(0));
    CALL(syscall, (syscall)(1));
    CALL(syscall, (syscall)(0x7fffffffffffffff));
}

/* <sys/time.h> */
static void call_sys_time_h(int first, ...)
{
    CALL(getitimer, (getitimer)(-1, (void *)(buffer)));
    CALL(getitimer, (getitimer)(0, (void *)(buffer)));
    CALL(getitimer, (getitimer)(1, (void *)(buffer)));
    CALL(getitimer, (getitimer)(0x7fffffff, (void *)(buffer)));
    CALL(gettimeofday, (gettimeofday)((void *)(buffer), (void *)(buffer)));
    CALL(setitimer, (setitimer)(-1, (void *)(buffer), (void *)(buffer)));
    CALL(setitimer, (setitimer)(0, (void *)(buffer), (void *)(buffer)));
    CALL(setitimer, (setitimer)(1, (void *)(buffer), (void *)(buffer)));
    CALL(setitimer, (setitimer)(0x7fffffff, (void *)(buffer), (void *)(buffer)));
    CALL(settimeofday, (settimeofday)((void *)(buffer), (void *)(buffer)));
    CALL(utimes, (utimes)("", (void *)(buffer)));
    CALL(utimes, (utimes)("1", (void *)(buffer)));
    CALL(utimes, (utimes)(long_text, (void *)(buffer)));
    CALL(utimes, (utimes)("/none/x", (void *)(buffer)));
}

/* <sys/times.h> */
static void call_sys_times_h(int first, ...)
{
    CALL(times, (times)((void *)(buffer)));
}

/* <sys/uio.h> */
static void call_sys_uio_h(int first, ...)
{
    CALL(preadv, (preadv)(-1, (void *)(buffer), -1, -1));
    CALL(preadv, (preadv)(0, (void *)(buffer), 0, 0));
    CALL(preadv, (preadv)(1, (void *)(buffer), 1, 1));
    CALL(preadv, (preadv)(0x7fffffff, (void *)(buffer), 0x7fffffff, 0x7fffffffffffffff));
    CALL(pwritev, (pwritev)(-1, (void *)(buffer), -1, -1));
    CALL(pwritev, (pwritev)(0, (void *)(buffer), 0, 0));
    CALL(pwritev, (pwritev)(1, (void *)(buffer), 1, 1));
    CALL(pwritev, (pwritev)(0x7fffffff, (void *)(buffer), 0x7fffffff, 0x7fffffffffffffff));
    CALL(readv, (readv)(-1, (void *)(buffer), -1));
    CALL(readv, (readv)(0, (void *)(buffer), 0));
    CALL(readv, (readv)(1, (void *)(buffer), 1));
    CALL(readv, (readv)(0x7fffffff, (void *)(buffer), 0x7fffffff));
    CALL(writev, (writev)(-1, (void *)(buffer), -1));
    CALL(writev, (writev)(0, (void *)(buffer), 0));
    CALL(writev, (writev)(1, (void *)(buffer), 1));
    CALL(writev, (writev)(0x7fffffff, (void *)(buffer), 0x7fffffff));
}

/* <sys/utsname.h> */
static void call_sys_utsname_h(int first, ...)
{
    CALL(uname, (uname)((void *)(buffer)));
}

/* <sys/wait.h> */
static void call_sys_wait_h(int first, ...)
{
    CALL(wait, (wait)((void *)(buffer)));
    CALL(wait3, (wait3)((void *)(buffer), -1, (void *)(buffer)));
    CALL(wait3, (wait3)((void *)(buffer), 0, (void *)(buffer)));
    CALL(wait3, (wait3)((void *)(buffer), 1, (void *)(buffer)));
    CALL(wait3, (wait3)((void *)(buffer), 0x7fffffff, (void *)(buffer)));
    CALL(wait4, (wait4)(-1, (void *)(buffer), -1, (void *)(buffer)));
    CALL(wait4, (wait4)(0, (void *)(buffer), 0, (void *)(buffer)));
    CALL(wait4, (wait4)(1, (void *)(buffer), 1, (void *)(buffer)));
    CALL(wait4, (wait4)(0x7fffffff, (void *)(buffer), 0x7fffffff, (void *)(buffer)));
    CALL(waitid, (waitid)(-1, -1, (void *)(buffer), -1));
    CALL(waitid, (waitid)(0, 0, (void *)(buffer), 0));
    CALL(waitid, (waitid)(1, 1, (void *)(buffer), 1));
    CALL(waitid, (waitid)(0x7fffffff, 0x7fffffff, (void *)(buffer), 0x7fffffff));
    CALL(waitpid, (waitpid)(-1, (void *)(buffer), -1));
    CALL(waitpid, (waitpid)(0, (void *)(buffer), 0));
    CALL(waitpid, (waitpid)(1, (void *)(buffer), 1));
    CALL(waitpid, (waitpid)(0x7fffffff, (void *)(buffer), 0x7fffffff));
}

/* <syslog.h> */
static void call_syslog_h(int first, ...)
{
    CALL(closelog, (closelog)());
    CALL(openlog, (openlog)("", -1, -1));
    CALL(openlog, (openlog)("1", 0, 0));
    CALL(openlog, (openlog)(long_text, 1, 1));
    CALL(openlog, (openlog)("/none/x", 0x7fffffff, 0x7fffffff));
    CALL(setlogmask, (setlogmask)(-1));
    CALL(setlogmask, (setlogmask)(0));
    CALL(setlogmask, (setlogmask)(1));
    CALL(setlogmask, (setlogmask)(0x7fffffff));
    CALL(syslog, (syslog)(-1, "text"));
    CALL(syslog, (syslog)(0, "text"));
    CALL(syslog, (syslog)(1, "text"));
    CALL(syslog, (syslog)(0x7fffffff, "text"));
    VA_CALL(vsyslog, (vsyslog)(-1, "text", list));
    VA_CALL(vsyslog, (vsyslog)(0, "text", list));
    VA_CALL(vsyslog, (vsyslog)(1, "text", list));
    VA_CALL(vsyslog, (vsyslog)(0x7fffffff, "text", list));
}

/* <termios.h> */
static void call_termios_h(int first, ...)
{
    CALL(cfgetispeed, (cfgetispeed)((void *)(buffer)));
    CALL(cfgetospeed, (cfgetospeed)((void *)(buffer)));
    CALL(cfmakeraw, (cfmakeraw)((void *)(buffer)));
    CALL(cfsetispeed, (cfsetispeed)((void *)(buffer), -1));
    CALL(cfsetispeed, (cfsetispeed)((void *)(buffer), 0));
    CALL(cfsetispeed, (cfsetispeed)((void *)(buffer), 1));
    CALL(cfsetispeed, (cfsetispeed)((void *)(buffer), 0x7fffffff));
    CALL(cfsetospeed, (cfsetospeed)((void *)(buffer), -1));
    CALL(cfsetospeed, (cfsetospeed)((void *)(buffer), 0));
    CALL(cfsetospeed, (cfsetospeed)((void *)(buffer), 1));
    CALL(cfsetospeed, (cfsetospeed)((void *)(buffer), 0x7fffffff));
    CALL(cfsetspeed, (cfsetspeed)((void *)(buffer), -1));
    CALL(cfsetspeed, (cfsetspeed)((void *)(buffer), 0));
    CALL(cfsetspeed, (cfsetspeed)((void *)(buffer), 1));
    CALL(cfsetspeed, (cfsetspeed)((void *)(buffer), 0x7fffffff));
    CALL(tcdrain, (tcdrain)(-1));
    CALL(tcdrain, (tcdrain)(0));
    CALL(tcdrain, (tcdrain)(1));
    CALL(tcdrain, (tcdrain)(0x7fffffff));
    CALL(tcflow, (tcflow)(-1, -1));
    CALL(tcflow, (tcflow)(0, 0));
    CALL(tcflow, (tcflow)(1, 1));
    CALL(tcflow, (tcflow)(0x7fffffff, 0x7fffffff));
    CALL(tcflush, (tcflush)(-1, -1));
    CALL(tcflush, (tcflush)(0, 0));
    CALL(tcflush, (tcflush)(1, 1));
    CALL(tcflush, (tcflush)(0x7fffffff, 0x7fffffff));
    CALL(tcgetattr, (tcgetattr)(-1, (void *)(buffer)));
    CALL(tcgetattr, (tcgetattr)(0, (void *)(buffer)));
    CALL(tcgetattr, (tcgetattr)(1, (void *)(buffer)));
    CALL(tcgetattr, (tcgetattr)(0x7fffffff, (void *)(buffer)));
    CALL(tcgetsid, (tcgetsid)(-1));
    CALL(tcgetsid, (tcgetsid)(0));
    CALL(tcgetsid, (tcgetsid)(1));
    CALL(tcgetsid, (tcgetsid)(0x7fffffff));
    CALL(tcsendbreak, (tcsendbreak)(-1, -1));
    CALL(tcsendbreak, (tcsendbreak)(0, 0));
    CALL(tcsendbreak, (tcsendbreak)(1, 1));
    CALL(tcsendbreak, (tcsendbreak)(0x7fffffff, 0x7fffffff));
    CALL(tcsetattr, (tcsetattr)(-1, -1, (void *)(buffer)));
    CALL(tcsetattr, (tcsetattr)(0, 0, (void *)(buffer)));
    CALL(tcsetattr, (tcsetattr)(1, 1, (void *)(buffer)));
    CALL(tcsetattr, (tcsetattr)(0x7fffffff, 0x7fffffff, (void *)(buffer)));
}

/* <threads.h> */
static void call_threads_h(int first, ...)
{
    CALL(call_once, (call_once)((void *)(buffer), nothing));
    CALL(cnd_broadcast, (cnd_broadcast)((void *)(buffer)));
    CALL(cnd_destroy, (cnd_destroy)((void *)(buffer)));
    CALL(cnd_init, (cnd_init)((void *)(buffer)));
    CALL(cnd_signal, (cnd_signal)((void *)(buffer)));
    CALL(cnd_timedwait, (cnd_timedwait)((void *)(buffer), (void *)(buffer + 64), (void *)(buffer + 128)));
    /* not called: cnd_wait: waits for what only another thread can do */
    CALL(mtx_destroy, (mtx_destroy)((void *)(buffer)));
    CALL(mtx_init, (mtx_init)((void *)(buffer), -1));
    CALL(mtx_init, (mtx_init)((void *)(buffer), 0));
    CALL(mtx_lock, (mtx_lock)((void *)(buffer)));
    CALL(mtx_timedlock, (mtx_timedlock)((void *)(buffer), (void *)(buffer + 64)));
    CALL(mtx_trylock, (mtx_trylock)((void *)(buffer)));
    CALL(mtx_unlock, (mtx_unlock)((void *)(buffer)));
    CALL(thrd_create, (thrd_create)((void *)(buffer), start_c11, NULL));
    CALL(thrd_current, (thrd_current)());
    CALL(thrd_detach, (thrd_detach)(-1));
    CALL(thrd_detach, (thrd_detach)(0));
    CALL(thrd_equal, (thrd_equal)(-1, 1));
    /* not called: thrd_exit: ends the program */
    CALL(thrd_join, (thrd_join)(-1, (void *)(buffer)));
    CALL(thrd_join, (thrd_join)(thrd_current(), NULL));
    CALL(thrd_sleep, (thrd_sleep)((void *)(buffer), (void *)(buffer + 64)));
    CALL(thrd_yield, (thrd_yield)());
    CALL(tss_create, (tss_create)((void *)(buffer), take));
    CALL(tss_delete, (tss_delete)(-1));
    CALL(tss_get, (tss_get)(-1));
    CALL(tss_get, (tss_get)(0));
    CALL(tss_set, (tss_set)(-1, buffer));
}

/* <time.h> */
static void call_time_h(int first, ...)
{
    CALL(asctime, (asctime)((void *)(buffer)));
    CALL(asctime_r, (asctime_r)((void *)(buffer), (void *)(buffer)));
    CALL(clock, (clock)());
    CALL(clock_getcpuclockid, (clock_getcpuclockid)(-1, (void *)(buffer)));
    CALL(clock_getcpuclockid, (clock_getcpuclockid)(0, (void *)(buffer)));
    CALL(clock_getcpuclockid, (clock_getcpuclockid)(1, (void *)(buffer)));
    CALL(clock_getcpuclockid, (clock_getcpuclockid)(0x7fffffff, (void *)(buffer)));
    CALL(clock_getres, (clock_getres)(-1, (void *)(buffer)));
    CALL(clock_getres, (clock_getres)(0, (void *)(buffer)));
    CALL(clock_getres, (clock_getres)(1, (void *)(buffer)));
    CALL(clock_getres, (clock_getres)(0x7fffffff, (void *)(buffer)));
    CALL(clock_gettime, (clock_gettime)(-1, (void *)(buffer)));
    CALL(clock_gettime, (clock_gettime)(0, (void *)(buffer)));
    CALL(clock_gettime, (clock_gettime)(1, (void *)(buffer)));
    CALL(clock_gettime, (clock_gettime)(0x7fffffff, (void *)(buffer)));
    CALL(clock_nanosleep, (clock_nanosleep)(-1, -1, (void *)(buffer), (void *)(buffer)));
    CALL(clock_nanosleep, (clock_nanosleep)(0, 0, (void *)(buffer), (void *)(buffer)));
    CALL(clock_nanosleep, (clock_nanosleep)(1, 1, (void *)(buffer), (void *)(buffer)));
    CALL(clock_nanosleep, (clock_nanosleep)(0x7fffffff, 0x7fffffff, (void *)(buffer), (void *)(buffer)));
    CALL(clock_settime, (clock_settime)(-1, (void *)(buffer)));
    CALL(clock_settime, (clock_settime)(0, (void *)(buffer)));
    CALL(clock_settime, (clock_settime)(1, (void *)(buffer)));
    CALL(clock_settime, (clock_settime)(0x7fffffff, (void *)(buffer)));
    CALL(ctime, (ctime)((void *)(buffer)));
    CALL(ctime_r, (ctime_r)((void *)(buffer), (void *)(buffer)));
    CALL(difftime, (difftime)(-1, -1));
    CALL(difftime, (difftime)(0, 0));
    CALL(difftime, (difftime)(1, 1));
    CALL(difftime, (difftime)(0x7fffffffffffffff, 0x7fffffffffffffff));
    CALL(gmtime, (gmtime)((void *)(buffer)));
    CALL(gmtime_r, (gmtime_r)((void *)(buffer), (void *)(buffer)));
    CALL(localtime, (localtime)((void *)(buffer)));
    CALL(localtime_r, (localtime_r)((void *)(buffer), (void *)(buffer)));
    CALL(mktime, (mktime)((void *)(buffer)));
    CALL(nanosleep, (nanosleep)((void *)(buffer), (void *)(buffer)));
    CALL(strftime, (strftime)((void *)(buffer), 0, "", (void *)(buffer)));
    CALL(strftime, (strftime)((void *)(buffer), 8, "1", (void *)(buffer)));
    CALL(strftime, (strftime)((void *)(buffer), 1, long_text, (void *)(buffer)));
    CALL(strftime, (strftime)((void *)(buffer), 64, "/none/x", (void *)(buffer)));
    CALL(strftime_l, (strftime_l)((void *)(buffer), 0, "", (void *)(buffer), any_locale));
    CALL(strftime_l, (strftime_l)((void *)(buffer), 8, "1", (void *)(buffer), any_locale));
    CALL(strftime_l, (strftime_l)((void *)(buffer), 1, long_text, (void *)(buffer), any_locale));
    CALL(strftime_l, (strftime_l)((void *)(buffer), 64, "/none/x", (void *)(buffer), any_locale));
    CALL(strptime, strptime("1", "%d", (struct tm *)buffer));
    CALL(strptime, strptime("", "%?", (struct tm *)buffer));
    CALL(time, (time)((void *)(buffer)));
    CALL(timegm, (timegm)((void *)(buffer)));
    CALL(timelocal, (timelocal)((void *)(buffer)));
    CALL(timespec_get, (timespec_get)((void *)(buffer), -1));
    CALL(timespec_get, (timespec_get)((void *)(buffer), 0));
    CALL(timespec_get, (timespec_get)((void *)(buffer), 1));
    CALL(timespec_get, (timespec_get)((void *)(buffer), 0x7fffffff));
    CALL(tzset, (tzset)());
}

/* <uchar.h> */
static void call_uchar_h(int first, ...)
{
    CALL(c16rtomb, (c16rtomb)((void *)(buffer), -1, (void *)(buffer)));
    CALL(c16rtomb, (c16rtomb)((void *)(buffer), 0, (void *)(buffer)));
    CALL(c16rtomb, (c16rtomb)((void *)(buffer), 1, (void *)(buffer)));
    CALL(c16rtomb, (c16rtomb)((void *)(buffer), 0x7fffffff, (void *)(buffer)));
    CALL(c32rtomb, (c32rtomb)((void *)(buffer), -1, (void *)(buffer)));
    CALL(c32rtomb, (c32rtomb)((void *)(buffer), 0, (void *)(buffer)));
    CALL(c32rtomb, (c32rtomb)((void *)(buffer), 1, (void *)(buffer)));
    CALL(c32rtomb, (c32rtomb)((void *)(buffer), 0x7fffffff, (void *)(buffer)));
    CALL(mbrtoc16, (mbrtoc16)((void *)(buffer), "", 0, (void *)(buffer)));
    CALL(mbrtoc16, (mbrtoc16)((void *)(buffer), "1", 8, (void *)(buffer)));
    CALL(mbrtoc16, (mbrtoc16)((void *)(buffer), long_text, 1, (void *)(buffer)));
    CALL(mbrtoc16, (mbrtoc16)((void *)(buffer), "/none/x", 64, (void *)(buffer)));
    CALL(mbrtoc32, (mbrtoc32)((void *)(buffer), "", 0, (void *)(buffer)));
    CALL(mbrtoc32, (mbrtoc32)((void *)(buffer), "1", 8, (void *)(buffer)));
    CALL(mbrtoc32, (mbrtoc32)((void *)(buffer), long_text, 1, (void *)(buffer)));
    CALL(mbrtoc32, (mbrtoc32)((void *)(buffer), "/none/x", 64, (void *)(buffer)));
}

/* <unistd.h> */
static void call_unistd_h(int first, ...)
{
    /* not called: _exit: ends the program */
    CALL(access, (access)("", -1));
    CALL(access, (access)("1", 0));
    CALL(access, (access)(long_text, 1));
    CALL(access, (access)("/none/x", 0x7fffffff));
    CALL(alarm, (alarm)(-1));
    CALL(alarm, (alarm)(0));
    CALL(alarm, (alarm)(1));
    CALL(alarm, (alarm)(0x7fffffff));
    CALL(chdir, chdir(""));
    CALL(chdir, chdir("/"));
    CALL(chown, (chown)("", -1, -1));
    CALL(chown, (chown)("1", 0, 0));
    CALL(chown, (chown)(long_text, 1, 1));
    CALL(chown, (chown)("/none/x", 0x7fffffff, 0x7fffffff));
    CALL(chroot, chroot("/"));
    CALL(close, close(-1));
    CALL(close, close(99));
    CALL(close, close(0x7fffffff));
    CALL(confstr, (confstr)(-1, (void *)(buffer), 0));
    CALL(confstr, (confstr)(0, (void *)(buffer), 8));
    CALL(confstr, (confstr)(1, (void *)(buffer), 1));
    CALL(confstr, (confstr)(0x7fffffff, (void *)(buffer), 64));
    CALL(dup, (dup)(-1));
    CALL(dup, (dup)(0));
    CALL(dup, (dup)(1));
    CALL(dup, (dup)(0x7fffffff));
    CALL(dup2, (dup2)(-1, -1));
    CALL(dup2, (dup2)(0, 0));
    CALL(dup2, (dup2)(1, 1));
    CALL(dup2, (dup2)(0x7fffffff, 0x7fffffff));
    CALL(dup3, (dup3)(-1, -1, -1));
    CALL(dup3, (dup3)(0, 0, 0));
    CALL(dup3, (dup3)(1, 1, 1));
    CALL(dup3, (dup3)(0x7fffffff, 0x7fffffff, 0x7fffffff));
    CALL(execl, (execl)("text", "text"));
    CALL(execle, (execle)("text", "text"));
    CALL(execlp, (execlp)("text", "text"));
    CALL(execv, (execv)("", (void *)(buffer)));
    CALL(execv, (execv)("1", (void *)(buffer)));
    CALL(execv, (execv)(long_text, (void *)(buffer)));
    CALL(execv, (execv)("/none/x", (void *)(buffer)));
    CALL(execve, (execve)("", (void *)(buffer), (void *)(buffer)));
    CALL(execve, (execve)("1", (void *)(buffer), (void *)(buffer)));
    CALL(execve, (execve)(long_text, (void *)(buffer), (void *)(buffer)));
    CALL(execve, (execve)("/none/x", (void *)(buffer), (void *)(buffer)));
    CALL(execvp, (execvp)("", (void *)(buffer)));
    CALL(execvp, (execvp)("1", (void *)(buffer)));
    CALL(execvp, (execvp)(long_text, (void *)(buffer)));
    CALL(execvp, (execvp)("/none/x", (void *)(buffer)));
    CALL(execvpe, (execvpe)("", (void *)(buffer), (void *)(buffer)));
    CALL(execvpe, (execvpe)("1", (void *)(buffer), (void *)(buffer)));
    CALL(execvpe, (execvpe)(long_text, (void *)(buffer), (void *)(buffer)));
    CALL(execvpe, (execvpe)("/none/x", (void *)(buffer), (void *)(buffer)));
    CALL(faccessat, (faccessat)(-1, "", -1, -1));
    CALL(faccessat, (faccessat)(0, "1", 0, 0));
    CALL(faccessat, (faccessat)(1, long_text, 1, 1));
    CALL(faccessat, (faccessat)(0x7fffffff, "/none/x", 0x7fffffff, 0x7fffffff));
    CALL(fchdir, (fchdir)(-1));
    CALL(fchdir, (fchdir)(0));
    CALL(fchdir, (fchdir)(1));
    CALL(fchdir, (fchdir)(0x7fffffff));
    CALL(fchown, (fchown)(-1, -1, -1));
    CALL(fchown, (fchown)(0, 0, 0));
    CALL(fchown, (fchown)(1, 1, 1));
    CALL(fchown, (fchown)(0x7fffffff, 0x7fffffff, 0x7fffffff));
    CALL(fchownat, (fchownat)(-1, "", -1, -1, -1));
    CALL(fchownat, (fchownat)(0, "1", 0, 0, 0));
    CALL(fchownat, (fchownat)(1, long_text, 1, 1, 1));
    CALL(fchownat, (fchownat)(0x7fffffff, "/none/x", 0x7fffffff, 0x7fffffff, 0x7fffffff));
    CALL(fdatasync, (fdatasync)(-1));
    CALL(fdatasync, (fdatasync)(0));
    CALL(fdatasync, (fdatasync)(1));
    CALL(fdatasync, (fdatasync)(0x7fffffff));
    CALL(fork, (fork)());
    CALL(fpathconf, (fpathconf)(-1, -1));
    CALL(fpathconf, (fpathconf)(0, 0));
    CALL(fpathconf, (fpathconf)(1, 1));
    CALL(fpathconf, (fpathconf)(0x7fffffff, 0x7fffffff));
    CALL(fsync, (fsync)(-1));
    CALL(fsync, (fsync)(0));
    CALL(fsync, (fsync)(1));
    CALL(fsync, (fsync)(0x7fffffff));
    CALL(ftruncate, (ftruncate)(-1, -1));
    CALL(ftruncate, (ftruncate)(0, 0));
    CALL(ftruncate, (ftruncate)(1, 1));
    CALL(ftruncate, (ftruncate)(0x7fffffff, 0x7fffffffffffffff));
    CALL(getcwd, (getcwd)((void *)(buffer), 0));
    CALL(getcwd, (getcwd)((void *)(buffer), 8));
    CALL(getcwd, (getcwd)((void *)(buffer), 1));
    CALL(getcwd, (getcwd)((void *)(buffer), 64));
    CALL(getdtablesize, (getdtablesize)());
    CALL(getegid, (getegid)());
    CALL(getentropy, (getentropy)((void *)(buffer), 0));
    CALL(getentropy, (getentropy)((void *)(buffer), 8));
    CALL(getentropy, (getentropy)((void *)(buffer), 1));
    CALL(getentropy, (getentropy)((void *)(buffer), 64));
    CALL(getentropy, (getentropy)((void *)(buffer), 0));
    CALL(getentropy, (getentropy)((void *)(buffer), 8));
    CALL(getentropy, (getentropy)((void *)(buffer), 1));
    CALL(getentropy, (getentropy)((void *)(buffer), 64));
    CALL(geteuid, (geteuid)());
    CALL(getgid, (getgid)());
    CALL(getgroups, (getgroups)(-1, (void *)(buffer)));
    CALL(getgroups, (getgroups)(0, (void *)(buffer)));
    CALL(getgroups, (getgroups)(1, (void *)(buffer)));
    CALL(getgroups, (getgroups)(0x7fffffff, (void *)(buffer)));
    CALL(gethostid, (gethostid)());
    CALL(gethostname, (gethostname)((void *)(buffer), 0));
    CALL(gethostname, (gethostname)((void *)(buffer), 8));
    CALL(gethostname, (gethostname)((void *)(buffer), 1));
    CALL(gethostname, (gethostname)((void *)(buffer), 64));
    CALL(getlogin, (getlogin)());
    CALL(getlogin_r, (getlogin_r)((void *)(buffer), 0));
    CALL(getlogin_r, (getlogin_r)((void *)(buffer), 8));
    CALL(getlogin_r, (getlogin_r)((void *)(buffer), 1));
    CALL(getlogin_r, (getlogin_r)((void *)(buffer), 64));
    CALL(getopt, (getopt)(-1, (void *)(buffer), ""));
    CALL(getopt, (getopt)(0, (void *)(buffer), "1"));
    CALL(getopt, (getopt)(1, (void *)(buffer), long_text));
    CALL(getopt, (getopt)(0x7fffffff, (void *)(buffer), "/none/x"));
    CALL(getpagesize, (getpagesize)());
    CALL(getpgid, (getpgid)(-1));
    CALL(getpgid, (getpgid)(0));
    CALL(getpgid, (getpgid)(1));
    CALL(getpgid, (getpgid)(0x7fffffff));
    CALL(getpgrp, (getpgrp)());
    CALL(getpid, (getpid)());
    CALL(getppid, (getppid)());
    CALL(getsid, (getsid)(-1));
    CALL(getsid, (getsid)(0));
    CALL(getsid, (getsid)(1));
    CALL(getsid, (getsid)(0x7fffffff));
    CALL(gettid, (gettid)());
    CALL(getuid, (getuid)());
    CALL(isatty, (isatty)(-1));
    CALL(isatty, (isatty)(0));
    CALL(isatty, (isatty)(1));
    CALL(isatty, (isatty)(0x7fffffff));
    CALL(lchown, (lchown)("", -1, -1));
    CALL(lchown, (lchown)("1", 0, 0));
    CALL(lchown, (lchown)(long_text, 1, 1));
    CALL(lchown, (lchown)("/none/x", 0x7fffffff, 0x7fffffff));
    CALL(link, (link)("", ""));
    CALL(link, (link)("1", "1"));
    CALL(link, (link)(long_text, long_text));
    CALL(link, (link)("/none/x", "/none/x"));
    CALL(linkat, (linkat)(-1, "", -1, "", -1));
    CALL(linkat, (linkat)(0, "1", 0, "1", 0));
    CALL(linkat, (linkat)(1, long_text, 1, long_text, 1));
    CALL(linkat, (linkat)(0x7fffffff, "/none/x", 0x7fffffff, "/none/x", 0x7fffffff));
    CALL(lockf, (lockf)(-1, -1, -1));
    CALL(lockf, (lockf)(0, 0, 0));
    CALL(lockf, (lockf)(1, 1, 1));
    CALL(lockf, (lockf)(0x7fffffff, 0x7fffffff, 0x7fffffffffffffff));
    CALL(lseek, (lseek)(-1, -1, -1));
    CALL(lseek, (lseek)(0, 0, 0));
    CALL(lseek, (lseek)(1, 1, 1));
    CALL(lseek, (lseek)(0x7fffffff, 0x7fffffffffffffff, 0x7fffffff));
    CALL(nice, (nice)(-1));
    CALL(nice, (nice)(0));
    CALL(nice, (nice)(1));
    CALL(nice, (nice)(0x7fffffff));
    CALL(pathconf, (pathconf)("", -1));
    CALL(pathconf, (pathconf)("1", 0));
    CALL(pathconf, (pathconf)(long_text, 1));
    CALL(pathconf, (pathconf)("/none/x", 0x7fffffff));
    /* not called: pause: waits for what only another thread can do */
    CALL(pipe, (pipe)((void *)(buffer)));
    CALL(pipe2, (pipe2)((void *)(buffer), -1));
    CALL(pipe2, (pipe2)((void *)(buffer), 0));
    CALL(pipe2, (pipe2)((void *)(buffer), 1));
    CALL(pipe2, (pipe2)((void *)(buffer), 0x7fffffff));
    CALL(pread, (pread)(-1, (void *)(buffer), 0, -1));
    CALL(pread, (pread)(0, (void *)(buffer), 8, 0));
    CALL(pread, (pread)(1, (void *)(buffer), 1, 1));
    CALL(pread, (pread)(0x7fffffff, (void *)(buffer), 64, 0x7fffffffffffffff));
    CALL(pwrite, (pwrite)(-1, (void *)(buffer), 0, -1));
    CALL(pwrite, (pwrite)(0, (void *)(buffer), 8, 0));
    CALL(pwrite, (pwrite)(1, (void *)(buffer), 1, 1));
    CALL(pwrite, (pwrite)(0x7fffffff, (void *)(buffer), 64, 0x7fffffffffffffff));
    CALL(read, read(-1, buffer, 8));
    CALL(read, read(99, NULL, 8));
    CALL(read, read(0, buffer, 0));
    CALL(read, read(1, NULL, 8));
    CALL(readlink, (readlink)("", (void *)(buffer), 0));
    CALL(readlink, (readlink)("1", (void *)(buffer), 8));
    CALL(readlink, (readlink)(long_text, (void *)(buffer), 1));
    CALL(readlink, (readlink)("/none/x", (void *)(buffer), 64));
    CALL(readlinkat, (readlinkat)(-1, "", (void *)(buffer), 0));
    CALL(readlinkat, (readlinkat)(0, "1", (void *)(buffer), 8));
    CALL(readlinkat, (readlinkat)(1, long_text, (void *)(buffer), 1));
    CALL(readlinkat, (readlinkat)(0x7fffffff, "/none/x", (void *)(buffer), 64));
    CALL(rmdir, (rmdir)(""));
    CALL(rmdir, (rmdir)("1"));
    CALL(rmdir, (rmdir)(long_text));
    CALL(rmdir, (rmdir)("/none/x"));
    CALL(setegid, (setegid)(-1));
    CALL(setegid, (setegid)(0));
    CALL(setegid, (setegid)(1));
    CALL(setegid, (setegid)(0x7fffffff));
    CALL(seteuid, (seteuid)(-1));
    CALL(seteuid, (seteuid)(0));
    CALL(seteuid, (seteuid)(1));
    CALL(seteuid, (seteuid)(0x7fffffff));
    CALL(setgid, (setgid)(-1));
    CALL(setgid, (setgid)(0));
    CALL(setgid, (setgid)(1));
    CALL(setgid, (setgid)(0x7fffffff));
    CALL(sethostname, sethostname("x", 1));
    CALL(setpgid, (setpgid)(-1, -1));
    CALL(setpgid, (setpgid)(0, 0));
    CALL(setpgid, (setpgid)(1, 1));
    CALL(setpgid, (setpgid)(0x7fffffff, 0x7fffffff));
    CALL(setpgrp, (setpgrp)());
    CALL(setregid, (setregid)(-1, -1));
    CALL(setregid, (setregid)(0, 0));
    CALL(setregid, (setregid)(1, 1));
    CALL(setregid, (setregid)(0x7fffffff, 0x7fffffff));
    CALL(setreuid, (setreuid)(-1, -1));
    CALL(setreuid, (setreuid)(0, 0));
    CALL(setreuid, (setreuid)(1, 1));
    CALL(setreuid, (setreuid)(0x7fffffff, 0x7fffffff));
    CALL(setsid, (setsid)());
    CALL(setuid, (setuid)(-1));
    CALL(setuid, (setuid)(0));
    CALL(setuid, (setuid)(1));
    CALL(setuid, (setuid)(0x7fffffff));
    CALL(sleep, sleep(0));
    CALL(symlink, (symlink)("", ""));
    CALL(symlink, (symlink)("1", "1"));
    CALL(symlink, (symlink)(long_text, long_text));
    CALL(symlink, (symlink)("/none/x", "/none/x"));
    CALL(symlinkat, (symlinkat)("", -1, ""));
    CALL(symlinkat, (symlinkat)("1", 0, "1"));
    CALL(symlinkat, (symlinkat)(long_text, 1, long_text));
    CALL(symlinkat, (symlinkat)("/none/x", 0x7fffffff, "/none/x"));
    CALL(sync, (sync)());
    CALL(syscall, (syscall)(-1));
    CALL(syscall, (syscall)(0));
    CALL(syscall, (syscall)(1));
    CALL(syscall, (syscall)(0x7fffffffffffffff));
    CALL(syscall, (syscall)(-1));
    CALL(syscall, (syscall)(0));
    CALL(syscall, (syscall)(1));
    CALL(syscall, (syscall)(0x7fffffffffffffff));
    CALL(sysconf, (sysconf)(-1));
    CALL(sysconf, (sysconf)(0));
    CALL(sysconf, (sysconf)(1));
    CALL(sysconf, (sysconf)(0x7fffffff));
    CALL(tcgetpgrp, (tcgetpgrp)(-1));
    CALL(tcgetpgrp, (tcgetpgrp)(0));
    CALL(tcgetpgrp, (tcgetpgrp)(1));
    CALL(tcgetpgrp, (tcgetpgrp)(0x7fffffff));
    CALL(tcsetpgrp, (tcsetpgrp)(-1, -1));
    CALL(tcsetpgrp, (tcsetpgrp)(0, 0));
    CALL(tcsetpgrp, (tcsetpgrp)(1, 1));
    CALL(tcsetpgrp, (tcsetpgrp)(0x7fffffff, 0x7fffffff));
    CALL(truncate, (truncate)("", -1));
    CALL(truncate, (truncate)("1", 0));
    CALL(truncate, (truncate)(long_text, 1));
    CALL(truncate, (truncate)("/none/x", 0x7fffffffffffffff));
    CALL(ttyname, (ttyname)(-1));
    CALL(ttyname, (ttyname)(0));
    CALL(ttyname, (ttyname)(1));
    CALL(ttyname, (ttyname)(0x7fffffff));
    CALL(ttyname_r, (ttyname_r)(-1, (void *)(buffer), 0));
    CALL(ttyname_r, (ttyname_r)(0, (void *)(buffer), 8));
    CALL(ttyname_r, (ttyname_r)(1, (void *)(buffer), 1));
    CALL(ttyname_r, (ttyname_r)(0x7fffffff, (void *)(buffer), 64));
    CALL(unlink, (unlink)(""));
    CALL(unlink, (unlink)("1"));
    CALL(unlink, (unlink)(long_text));
    CALL(unlink, (unlink)("/none/x"));
    CALL(unlinkat, (unlinkat)(-1, "", -1));
    CALL(unlinkat, (unlinkat)(0, "1", 0));
    CALL(unlinkat, (unlinkat)(1, long_text, 1));
    CALL(unlinkat, (unlinkat)(0x7fffffff, "/none/x", 0x7fffffff));
    CALL(usleep, usleep(0));
    CALL(usleep, usleep(1));
    CALL(vfork, (vfork)());
    CALL(write, (write)(-1, (void *)(buffer), 0));
    CALL(write, (write)(0, (void *)(buffer), 8));
    CALL(write, (write)(1, (void *)(buffer), 1));
    CALL(write, (write)(0x7fffffff, (void *)(buffer), 64));
}

/* <utime.h> */
static void call_utime_h(int first, ...)
{
    CALL(utime, (utime)("", (void *)(buffer)));
    CALL(utime, (utime)("1", (void *)(buffer)));
    CALL(utime, (utime)(long_text, (void *)(buffer)));
    CALL(utime, (utime)("/none/x", (void *)(buffer)));
}

/* <wchar.h> */
static void call_wchar_h(int first, ...)
{
    CALL(btowc, (btowc)(-1));
    CALL(btowc, (btowc)(0));
    CALL(btowc, (btowc)(1));
    CALL(btowc, (btowc)(0x7fffffff));
    CALL(fgetwc, (fgetwc)(stream));
    CALL(fgetws, (fgetws)((void *)(buffer), -1, stream));
    CALL(fgetws, (fgetws)((void *)(buffer), 0, stream));
    CALL(fgetws, (fgetws)((void *)(buffer), 1, stream));
    CALL(fgetws, (fgetws)((void *)(buffer), 0x7fffffff, stream));
    CALL(fputwc, (fputwc)(-1, stream));
    CALL(fputwc, (fputwc)(0, stream));
    CALL(fputwc, (fputwc)(1, stream));
    CALL(fputwc, (fputwc)(0x7fffffff, stream));
    CALL(fputws, (fputws)(L"", stream));
    CALL(fputws, (fputws)(L"1", stream));
    CALL(fputws, (fputws)(L"-x", stream));
    CALL(fputws, (fputws)(L"%", stream));
    CALL(fwide, (fwide)(stream, -1));
    CALL(fwide, (fwide)(stream, 0));
    CALL(fwide, (fwide)(stream, 1));
    CALL(fwide, (fwide)(stream, 0x7fffffff));
    CALL(fwprintf, (fwprintf)(stream, L"text"));
    CALL(fwscanf, (fwscanf)(stream, L"text"));
    CALL(getwc, (getwc)(stream));
    /* not called: getwchar: reads the console, where somebody may have to type */
    CALL(mbrlen, (mbrlen)("", 0, (void *)(buffer)));
    CALL(mbrlen, (mbrlen)("1", 8, (void *)(buffer)));
    CALL(mbrlen, (mbrlen)(long_text, 1, (void *)(buffer)));
    CALL(mbrlen, (mbrlen)("/none/x", 64, (void *)(buffer)));
    CALL(mbrtowc, (mbrtowc)((void *)(buffer), "", 0, (void *)(buffer)));
    CALL(mbrtowc, (mbrtowc)((void *)(buffer), "1", 8, (void *)(buffer)));
    CALL(mbrtowc, (mbrtowc)((void *)(buffer), long_text, 1, (void *)(buffer)));
    CALL(mbrtowc, (mbrtowc)((void *)(buffer), "/none/x", 64, (void *)(buffer)));
    CALL(mbsinit, (mbsinit)((void *)(buffer)));
    CALL(mbsnrtowcs, mbsnrtowcs((wchar_t *)buffer, &narrow, 1, 8, NULL));
    CALL(mbsrtowcs, mbsrtowcs((wchar_t *)buffer, &narrow, 8, NULL));
    CALL(putwc, (putwc)(-1, stream));
    CALL(putwc, (putwc)(0, stream));
    CALL(putwc, (putwc)(1, stream));
    CALL(putwc, (putwc)(0x7fffffff, stream));
    CALL(putwchar, (putwchar)(-1));
    CALL(putwchar, (putwchar)(0));
    CALL(putwchar, (putwchar)(1));
    CALL(putwchar, (putwchar)(0x7fffffff));
    CALL(swprintf, (swprintf)((void *)(buffer), 0, L"text"));
    CALL(swprintf, (swprintf)((void *)(buffer), 8, L"text"));
    CALL(swprintf, (swprintf)((void *)(buffer), 1, L"text"));
    CALL(swprintf, (swprintf)((void *)(buffer), 64, L"text"));
    CALL(swscanf, (swscanf)(L"text", L"text"));
    CALL(ungetwc, (ungetwc)(-1, stream));
    CALL(ungetwc, (ungetwc)(0, stream));
    CALL(ungetwc, (ungetwc)(1, stream));
    CALL(ungetwc, (ungetwc)(0x7fffffff, stream));
    VA_CALL(vfwprintf, (vfwprintf)(stream, L"text", list));
    VA_CALL(vfwscanf, (vfwscanf)(stream, L"text", list));
    VA_CALL(vswprintf, (vswprintf)((void *)(buffer), 0, L"text", list));
    VA_CALL(vswprintf, (vswprintf)((void *)(buffer), 8, L"text", list));
    VA_CALL(vswprintf, (vswprintf)((void *)(buffer), 1, L"text", list));
    VA_CALL(vswprintf, (vswprintf)((void *)(buffer), 64, L"text", list));
    VA_CALL(vswscanf, (vswscanf)(L"text", L"text", list));
    VA_CALL(vwprintf, (vwprintf)(L"text", list));
    /* not called: vwscanf: reads the console, where somebody may have to type */
    CALL(wcpcpy, (wcpcpy)((void *)(buffer), L""));
    CALL(wcpcpy, (wcpcpy)((void *)(buffer), L"1"));
    CALL(wcpcpy, (wcpcpy)((void *)(buffer), L"-x"));
    CALL(wcpcpy, (wcpcpy)((void *)(buffer), L"%"));
    CALL(wcpncpy, (wcpncpy)((void *)(buffer), L"", 0));
    CALL(wcpncpy, (wcpncpy)((void *)(buffer), L"1", 8));
    CALL(wcpncpy, (wcpncpy)((void *)(buffer), L"-x", 1));
    CALL(wcpncpy, (wcpncpy)((void *)(buffer), L"%", 64));
    CALL(wcrtomb, (wcrtomb)((void *)(buffer), -1, (void *)(buffer)));
    CALL(wcrtomb, (wcrtomb)((void *)(buffer), 0, (void *)(buffer)));
    CALL(wcrtomb, (wcrtomb)((void *)(buffer), 1, (void *)(buffer)));
    CALL(wcrtomb, (wcrtomb)((void *)(buffer), 0x7fffffff, (void *)(buffer)));
    CALL(wcscasecmp, (wcscasecmp)(L"", L""));
    CALL(wcscasecmp, (wcscasecmp)(L"1", L"1"));
    CALL(wcscasecmp, (wcscasecmp)(L"-x", L"-x"));
    CALL(wcscasecmp, (wcscasecmp)(L"%", L"%"));
    CALL(wcscat, (wcscat)((void *)(buffer), L""));
    CALL(wcscat, (wcscat)((void *)(buffer), L"1"));
    CALL(wcscat, (wcscat)((void *)(buffer), L"-x"));
    CALL(wcscat, (wcscat)((void *)(buffer), L"%"));
    CALL(wcschr, (wcschr)(L"", -1));
    CALL(wcschr, (wcschr)(L"1", 0));
    CALL(wcschr, (wcschr)(L"-x", 1));
    CALL(wcschr, (wcschr)(L"%", 0x7fffffff));
    CALL(wcscmp, (wcscmp)(L"", L""));
    CALL(wcscmp, (wcscmp)(L"1", L"1"));
    CALL(wcscmp, (wcscmp)(L"-x", L"-x"));
    CALL(wcscmp, (wcscmp)(L"%", L"%"));
    CALL(wcscoll, (wcscoll)(L"", L""));
    CALL(wcscoll, (wcscoll)(L"1", L"1"));
    CALL(wcscoll, (wcscoll)(L"-x", L"-x"));
    CALL(wcscoll, (wcscoll)(L"%", L"%"));
    CALL(wcscoll_l, (wcscoll_l)(L"", L"", any_locale));
    CALL(wcscoll_l, (wcscoll_l)(L"1", L"1", any_locale));
    CALL(wcscoll_l, (wcscoll_l)(L"-x", L"-x", any_locale));
    CALL(wcscoll_l, (wcscoll_l)(L"%", L"%", any_locale));
    CALL(wcscpy, (wcscpy)((void *)(buffer), L""));
    CALL(wcscpy, (wcscpy)((void *)(buffer), L"1"));
    CALL(wcscpy, (wcscpy)((void *)(buffer), L"-x"));
    CALL(wcscpy, (wcscpy)((void *)(buffer), L"%"));
    CALL(wcscspn, (wcscspn)(L"", L""));
    CALL(wcscspn, (wcscspn)(L"1", L"1"));
    CALL(wcscspn, (wcscspn)(L"-x", L"-x"));
    CALL(wcscspn, (wcscspn)(L"%", L"%"));
    CALL(wcsdup, (wcsdup)(L""));
    CALL(wcsdup, (wcsdup)(L"1"));
    CALL(wcsdup, (wcsdup)(L"-x"));
    CALL(wcsdup, (wcsdup)(L"%"));
    CALL(wcslen, (wcslen)(L""));
    CALL(wcslen, (wcslen)(L"1"));
    CALL(wcslen, (wcslen)(L"-x"));
    CALL(wcslen, (wcslen)(L"%"));
    CALL(wcsncasecmp, (wcsncasecmp)(L"", L"", 0));
    CALL(wcsncasecmp, (wcsncasecmp)(L"1", L"1", 8));
    CALL(wcsncasecmp, (wcsncasecmp)(L"-x", L"-x", 1));
    CALL(wcsncasecmp, (wcsncasecmp)(L"%", L"%", 64));
    CALL(wcsncat, (wcsncat)((void *)(buffer), L"", 0));
    CALL(wcsncat, (wcsncat)((void *)(buffer), L"1", 8));
    CALL(wcsncat, (wcsncat)((void *)(buffer), L"-x", 1));
    CALL(wcsncat, (wcsncat)((void *)(buffer), L"%", 64));
    CALL(wcsncmp, (wcsncmp)(L"", L"", 0));
    CALL(wcsncmp, (wcsncmp)(L"1", L"1", 8));
    CALL(wcsncmp, (wcsncmp)(L"-x", L"-x", 1));
    CALL(wcsncmp, (wcsncmp)(L"%", L"%", 64));
    CALL(wcsncpy, (wcsncpy)((void *)(buffer), L"", 0));
    CALL(wcsncpy, (wcsncpy)((void *)(buffer), L"1", 8));
    CALL(wcsncpy, (wcsncpy)((void *)(buffer), L"-x", 1));
    CALL(wcsncpy, (wcsncpy)((void *)(buffer), L"%", 64));
    CALL(wcsnlen, (wcsnlen)(L"", 0));
    CALL(wcsnlen, (wcsnlen)(L"1", 8));
    CALL(wcsnlen, (wcsnlen)(L"-x", 1));
    CALL(wcsnlen, (wcsnlen)(L"%", 64));
    CALL(wcsnrtombs, wcsnrtombs(buffer, &wide, 1, 8, NULL));
    CALL(wcspbrk, (wcspbrk)(L"", L""));
    CALL(wcspbrk, (wcspbrk)(L"1", L"1"));
    CALL(wcspbrk, (wcspbrk)(L"-x", L"-x"));
    CALL(wcspbrk, (wcspbrk)(L"%", L"%"));
    CALL(wcsrchr, (wcsrchr)(L"", -1));
    CALL(wcsrchr, (wcsrchr)(L"1", 0));
    CALL(wcsrchr, (wcsrchr)(L"-x", 1));
    CALL(wcsrchr, (wcsrchr)(L"%", 0x7fffffff));
    CALL(wcsrtombs, wcsrtombs(buffer, &wide, 8, NULL));
    CALL(wcsspn, (wcsspn)(L"", L""));
    CALL(wcsspn, (wcsspn)(L"1", L"1"));
    CALL(wcsspn, (wcsspn)(L"-x", L"-x"));
    CALL(wcsspn, (wcsspn)(L"%", L"%"));
    CALL(wcsstr, (wcsstr)(L"", L""));
    CALL(wcsstr, (wcsstr)(L"1", L"1"));
    CALL(wcsstr, (wcsstr)(L"-x", L"-x"));
    CALL(wcsstr, (wcsstr)(L"%", L"%"));
    CALL(wcstod, (wcstod)(L"", (void *)(buffer)));
    CALL(wcstod, (wcstod)(L"1", (void *)(buffer)));
    CALL(wcstod, (wcstod)(L"-x", (void *)(buffer)));
    CALL(wcstod, (wcstod)(L"%", (void *)(buffer)));
    CALL(wcstof, (wcstof)(L"", (void *)(buffer)));
    CALL(wcstof, (wcstof)(L"1", (void *)(buffer)));
    CALL(wcstof, (wcstof)(L"-x", (void *)(buffer)));
    CALL(wcstof, (wcstof)(L"%", (void *)(buffer)));
    CALL(wcstok, wcstok((wchar_t *)buffer, L" ", (wchar_t **)(buffer + 64)));
    CALL(wcstol, (wcstol)(L"", (void *)(buffer), -1));
    CALL(wcstol, (wcstol)(L"1", (void *)(buffer), 0));
    CALL(wcstol, (wcstol)(L"-x", (void *)(buffer), 1));
    CALL(wcstol, (wcstol)(L"%", (void *)(buffer), 0x7fffffff));
    CALL(wcstold, (wcstold)(L"", (void *)(buffer)));
    CALL(wcstold, (wcstold)(L"1", (void *)(buffer)));
    CALL(wcstold, (wcstold)(L"-x", (void *)(buffer)));
    CALL(wcstold, (wcstold)(L"%", (void *)(buffer)));
    CALL(wcstoll, (wcstoll)(L"", (void *)(buffer), -1));
    CALL(wcstoll, (wcstoll)(L"1", (void *)(buffer), 0));
    CALL(wcstoll, (wcstoll)(L"-x", (void *)(buffer), 1));
    CALL(wcstoll, (wcstoll)(L"%", (void *)(buffer), 0x7fffffff));
    CALL(wcstoul, (wcstoul)(L"", (void *)(buffer), -1));
    CALL(wcstoul, (wcstoul)(L"1", (void *)(buffer), 0));
    CALL(wcstoul, (wcstoul)(L"-x", (void *)(buffer), 1));
    CALL(wcstoul, (wcstoul)(L"%", (void *)(buffer), 0x7fffffff));
    CALL(wcstoull, (wcstoull)(L"", (void *)(buffer), -1));
    CALL(wcstoull, (wcstoull)(L"1", (void *)(buffer), 0));
    CALL(wcstoull, (wcstoull)(L"-x", (void *)(buffer), 1));
    CALL(wcstoull, (wcstoull)(L"%", (void *)(buffer), 0x7fffffff));
    CALL(wcswidth, (wcswidth)(L"", 0));
    CALL(wcswidth, (wcswidth)(L"1", 8));
    CALL(wcswidth, (wcswidth)(L"-x", 1));
    CALL(wcswidth, (wcswidth)(L"%", 64));
    CALL(wcsxfrm, (wcsxfrm)((void *)(buffer), L"", 0));
    CALL(wcsxfrm, (wcsxfrm)((void *)(buffer), L"1", 8));
    CALL(wcsxfrm, (wcsxfrm)((void *)(buffer), L"-x", 1));
    CALL(wcsxfrm, (wcsxfrm)((void *)(buffer), L"%", 64));
    CALL(wctob, (wctob)(-1));
    CALL(wctob, (wctob)(0));
    CALL(wctob, (wctob)(1));
    CALL(wctob, (wctob)(0x7fffffff));
    CALL(wcwidth, (wcwidth)(-1));
    CALL(wcwidth, (wcwidth)(0));
    CALL(wcwidth, (wcwidth)(1));
    CALL(wcwidth, (wcwidth)(0x7fffffff));
    CALL(wmemchr, (wmemchr)(L"", -1, 0));
    CALL(wmemchr, (wmemchr)(L"1", 0, 8));
    CALL(wmemchr, (wmemchr)(L"-x", 1, 1));
    CALL(wmemchr, (wmemchr)(L"%", 0x7fffffff, 64));
    CALL(wmemcmp, (wmemcmp)(L"", L"", 0));
    CALL(wmemcmp, (wmemcmp)(L"1", L"1", 8));
    CALL(wmemcmp, (wmemcmp)(L"-x", L"-x", 1));
    CALL(wmemcmp, (wmemcmp)(L"%", L"%", 64));
    CALL(wmemcpy, (wmemcpy)((void *)(buffer), L"", 0));
    CALL(wmemcpy, (wmemcpy)((void *)(buffer), L"1", 8));
    CALL(wmemcpy, (wmemcpy)((void *)(buffer), L"-x", 1));
    CALL(wmemcpy, (wmemcpy)((void *)(buffer), L"%", 64));
    CALL(wmemmove, (wmemmove)((void *)(buffer), L"", 0));
    CALL(wmemmove, (wmemmove)((void *)(buffer), L"1", 8));
    CALL(wmemmove, (wmemmove)((void *)(buffer), L"-x", 1));
    CALL(wmemmove, (wmemmove)((void *)(buffer), L"%", 64));
    CALL(wmempcpy, (wmempcpy)((void *)(buffer), L"", 0));
    CALL(wmempcpy, (wmempcpy)((void *)(buffer), L"1", 8));
    CALL(wmempcpy, (wmempcpy)((void *)(buffer), L"-x", 1));
    CALL(wmempcpy, (wmempcpy)((void *)(buffer), L"%", 64));
    CALL(wmemset, wmemset((wchar_t *)buffer, 1, 8));
    CALL(wprintf, (wprintf)(L"text"));
    /* not called: wscanf: reads the console, where somebody may have to type */
}

/* <wctype.h> */
static void call_wctype_h(int first, ...)
{
    CALL(iswalnum, (iswalnum)(-1));
    CALL(iswalnum, (iswalnum)(0));
    CALL(iswalnum, (iswalnum)(1));
    CALL(iswalnum, (iswalnum)(0x7fffffff));
    CALL(iswalnum_l, (iswalnum_l)(-1, any_locale));
    CALL(iswalnum_l, (iswalnum_l)(0, any_locale));
    CALL(iswalnum_l, (iswalnum_l)(1, any_locale));
    CALL(iswalnum_l, (iswalnum_l)(0x7fffffff, any_locale));
    CALL(iswalpha, (iswalpha)(-1));
    CALL(iswalpha, (iswalpha)(0));
    CALL(iswalpha, (iswalpha)(1));
    CALL(iswalpha, (iswalpha)(0x7fffffff));
    CALL(iswalpha_l, (iswalpha_l)(-1, any_locale));
    CALL(iswalpha_l, (iswalpha_l)(0, any_locale));
    CALL(iswalpha_l, (iswalpha_l)(1, any_locale));
    CALL(iswalpha_l, (iswalpha_l)(0x7fffffff, any_locale));
    CALL(iswblank, (iswblank)(-1));
    CALL(iswblank, (iswblank)(0));
    CALL(iswblank, (iswblank)(1));
    CALL(iswblank, (iswblank)(0x7fffffff));
    CALL(iswblank_l, (iswblank_l)(-1, any_locale));
    CALL(iswblank_l, (iswblank_l)(0, any_locale));
    CALL(iswblank_l, (iswblank_l)(1, any_locale));
    CALL(iswblank_l, (iswblank_l)(0x7fffffff, any_locale));
    CALL(iswcntrl, (iswcntrl)(-1));
    CALL(iswcntrl, (iswcntrl)(0));
    CALL(iswcntrl, (iswcntrl)(1));
    CALL(iswcntrl, (iswcntrl)(0x7fffffff));
    CALL(iswcntrl_l, (iswcntrl_l)(-1, any_locale));
    CALL(iswcntrl_l, (iswcntrl_l)(0, any_locale));
    CALL(iswcntrl_l, (iswcntrl_l)(1, any_locale));
    CALL(iswcntrl_l, (iswcntrl_l)(0x7fffffff, any_locale));
    CALL(iswctype, (iswctype)(-1, -1));
    CALL(iswctype, (iswctype)(0, 0));
    CALL(iswctype, (iswctype)(1, 1));
    CALL(iswctype, (iswctype)(0x7fffffff, 0x7fffffff));
    CALL(iswdigit, (iswdigit)(-1));
    CALL(iswdigit, (iswdigit)(0));
    CALL(iswdigit, (iswdigit)(1));
    CALL(iswdigit, (iswdigit)(0x7fffffff));
    CALL(iswdigit_l, (iswdigit_l)(-1, any_locale));
    CALL(iswdigit_l, (iswdigit_l)(0, any_locale));
    CALL(iswdigit_l, (iswdigit_l)(1, any_locale));
    CALL(iswdigit_l, (iswdigit_l)(0x7fffffff, any_locale));
    CALL(iswgraph, (iswgraph)(-1));
    CALL(iswgraph, (iswgraph)(0));
    CALL(iswgraph, (iswgraph)(1));
    CALL(iswgraph, (iswgraph)(0x7fffffff));
    CALL(iswgraph_l, (iswgraph_l)(-1, any_locale));
    CALL(iswgraph_l, (iswgraph_l)(0, any_locale));
    CALL(iswgraph_l, (iswgraph_l)(1, any_locale));
    CALL(iswgraph_l, (iswgraph_l)(0x7fffffff, any_locale));
    CALL(iswlower, (iswlower)(-1));
    CALL(iswlower, (iswlower)(0));
    CALL(iswlower, (iswlower)(1));
    CALL(iswlower, (iswlower)(0x7fffffff));
    CALL(iswlower_l, (iswlower_l)(-1, any_locale));
    CALL(iswlower_l, (iswlower_l)(0, any_locale));
    CALL(iswlower_l, (iswlower_l)(1, any_locale));
    CALL(iswlower_l, (iswlower_l)(0x7fffffff, any_locale));
    CALL(iswprint, (iswprint)(-1));
    CALL(iswprint, (iswprint)(0));
    CALL(iswprint, (iswprint)(1));
    CALL(iswprint, (iswprint)(0x7fffffff));
    CALL(iswprint_l, (iswprint_l)(-1, any_locale));
    CALL(iswprint_l, (iswprint_l)(0, any_locale));
    CALL(iswprint_l, (iswprint_l)(1, any_locale));
    CALL(iswprint_l, (iswprint_l)(0x7fffffff, any_locale));
    CALL(iswpunct, (iswpunct)(-1));
    CALL(iswpunct, (iswpunct)(0));
    CALL(iswpunct, (iswpunct)(1));
    CALL(iswpunct, (iswpunct)(0x7fffffff));
    CALL(iswpunct_l, (iswpunct_l)(-1, any_locale));
    CALL(iswpunct_l, (iswpunct_l)(0, any_locale));
    CALL(iswpunct_l, (iswpunct_l)(1, any_locale));
    CALL(iswpunct_l, (iswpunct_l)(0x7fffffff, any_locale));
    CALL(iswspace, (iswspace)(-1));
    CALL(iswspace, (iswspace)(0));
    CALL(iswspace, (iswspace)(1));
    CALL(iswspace, (iswspace)(0x7fffffff));
    CALL(iswspace_l, (iswspace_l)(-1, any_locale));
    CALL(iswspace_l, (iswspace_l)(0, any_locale));
    CALL(iswspace_l, (iswspace_l)(1, any_locale));
    CALL(iswspace_l, (iswspace_l)(0x7fffffff, any_locale));
    CALL(iswupper, (iswupper)(-1));
    CALL(iswupper, (iswupper)(0));
    CALL(iswupper, (iswupper)(1));
    CALL(iswupper, (iswupper)(0x7fffffff));
    CALL(iswupper_l, (iswupper_l)(-1, any_locale));
    CALL(iswupper_l, (iswupper_l)(0, any_locale));
    CALL(iswupper_l, (iswupper_l)(1, any_locale));
    CALL(iswupper_l, (iswupper_l)(0x7fffffff, any_locale));
    CALL(iswxdigit, (iswxdigit)(-1));
    CALL(iswxdigit, (iswxdigit)(0));
    CALL(iswxdigit, (iswxdigit)(1));
    CALL(iswxdigit, (iswxdigit)(0x7fffffff));
    CALL(iswxdigit_l, (iswxdigit_l)(-1, any_locale));
    CALL(iswxdigit_l, (iswxdigit_l)(0, any_locale));
    CALL(iswxdigit_l, (iswxdigit_l)(1, any_locale));
    CALL(iswxdigit_l, (iswxdigit_l)(0x7fffffff, any_locale));
    CALL(towctrans, (towctrans)(-1, -1));
    CALL(towctrans, (towctrans)(0, 0));
    CALL(towctrans, (towctrans)(1, 1));
    CALL(towctrans, (towctrans)(0x7fffffff, 0x7fffffffffffffff));
    CALL(towlower, (towlower)(-1));
    CALL(towlower, (towlower)(0));
    CALL(towlower, (towlower)(1));
    CALL(towlower, (towlower)(0x7fffffff));
    CALL(towlower_l, (towlower_l)(-1, any_locale));
    CALL(towlower_l, (towlower_l)(0, any_locale));
    CALL(towlower_l, (towlower_l)(1, any_locale));
    CALL(towlower_l, (towlower_l)(0x7fffffff, any_locale));
    CALL(towupper, (towupper)(-1));
    CALL(towupper, (towupper)(0));
    CALL(towupper, (towupper)(1));
    CALL(towupper, (towupper)(0x7fffffff));
    CALL(towupper_l, (towupper_l)(-1, any_locale));
    CALL(towupper_l, (towupper_l)(0, any_locale));
    CALL(towupper_l, (towupper_l)(1, any_locale));
    CALL(towupper_l, (towupper_l)(0x7fffffff, any_locale));
    CALL(wctrans, (wctrans)(""));
    CALL(wctrans, (wctrans)("1"));
    CALL(wctrans, (wctrans)(long_text));
    CALL(wctrans, (wctrans)("/none/x"));
    CALL(wctype, (wctype)(""));
    CALL(wctype, (wctype)("1"));
    CALL(wctype, (wctype)(long_text));
    CALL(wctype, (wctype)("/none/x"));
}

int main(int argc, char **argv)
{
    verbose = argc > 1;
    any_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    memset(long_text, 'x', sizeof long_text - 1);
    call_arpa_inet_h(0);
    call_assert_h(0);
    call_ctype_h(0);
    call_dirent_h(0);
    call_dlfcn_h(0);
    call_errno_h(0);
    call_fcntl_h(0);
    call_fenv_h(0);
    call_grp_h(0);
    call_inttypes_h(0);
    call_locale_h(0);
    call_malloc_h(0);
    call_math_h(0);
    call_net_if_h(0);
    call_netdb_h(0);
    call_netinet_in_h(0);
    call_nolibc_h(0);
    call_poll_h(0);
    call_pthread_h(0);
    call_pwd_h(0);
    call_sched_h(0);
    call_semaphore_h(0);
    call_setjmp_h(0);
    call_signal_h(0);
    call_spawn_h(0);
    call_stdio_h(0);
    call_stdlib_h(0);
    call_string_h(0);
    call_strings_h(0);
    call_sys_auxv_h(0);
    call_sys_file_h(0);
    call_sys_ioctl_h(0);
    call_sys_ipc_h(0);
    call_sys_mman_h(0);
    call_sys_prctl_h(0);
    call_sys_random_h(0);
    call_sys_resource_h(0);
    call_sys_select_h(0);
    call_sys_shm_h(0);
    call_sys_socket_h(0);
    call_sys_stat_h(0);
    call_sys_statvfs_h(0);
    call_sys_syscall_h(0);
    call_sys_time_h(0);
    call_sys_times_h(0);
    call_sys_uio_h(0);
    call_sys_utsname_h(0);
    call_sys_wait_h(0);
    call_syslog_h(0);
    call_termios_h(0);
    call_threads_h(0);
    call_time_h(0);
    call_uchar_h(0);
    call_unistd_h(0);
    call_utime_h(0);
    call_wchar_h(0);
    call_wctype_h(0);
    write(1, "every function answered\n", 24);
    return 0;
}
