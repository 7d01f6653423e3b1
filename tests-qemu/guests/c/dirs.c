/* Directories, names and paths: what POSIX says about each, with its errno.
 *
 * @expect ok:
 */
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int make(const char *path)
{
    return close(open(path, O_CREAT | O_WRONLY, 0644));
}

/* The names of a directory without "." and "..", in order, each with a blank. */
static const char *names(const char *path)
{
    static char list[256];
    DIR *directory = opendir(path);
    struct dirent *entry;

    list[0] = '\0';
    if (directory == NULL)
        return "?";
    while ((entry = readdir(directory)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            strcat(strcat(list, entry->d_name), " ");
    closedir(directory);
    return list;
}

static void working_directory(void)
{
    char buffer[64], *path;

    CHECK_STR(getcwd(buffer, sizeof buffer), "/");
    CHECK_INT(mkdir("/tmp/w", 0777), 0);
    CHECK_INT(chdir("/tmp/w/"), 0);
    CHECK_STR(getcwd(buffer, sizeof buffer), "/tmp/w");
    CHECK(getcwd(buffer, 6) == NULL && errno == ERANGE);
    CHECK(getcwd(buffer, 7) == buffer);
    CHECK(getcwd(buffer, 0) == NULL && errno == EINVAL);
    path = getcwd(NULL, 0);
    CHECK_STR(path, "/tmp/w");
    free(path);
    CHECK_INT(make("file"), 0);
    CHECK_STR(names("."), "file ");
    CHECK_STR(names("/tmp"), "w ");
    CHECK_FAILS(chdir("file"), ENOTDIR);
    CHECK_FAILS(chdir("none"), ENOENT);
    CHECK_INT(unlink("../w/./file"), 0);
    CHECK_INT(rmdir("/tmp/w"), 0);
    CHECK(getcwd(buffer, sizeof buffer) == NULL && errno == ENOENT);
    CHECK_FAILS(open("x", O_CREAT | O_WRONLY, 0600), ENOENT);
    CHECK_INT(chdir("/dev/../dev"), 0);
    CHECK_STR(getcwd(buffer, sizeof buffer), "/dev");
    CHECK_INT(chdir("/"), 0);
    CHECK_STR(names("/"), "dev tmp ");
}

static void refusals(void)
{
    char longer[300], path[5000];

    memset(longer, 'a', sizeof longer);
    longer[299] = '\0';
    memset(path, '/', sizeof path);
    path[4999] = '\0';
    CHECK_FAILS(open("", O_RDONLY), ENOENT);
    CHECK_FAILS(open(NULL, O_RDONLY), EFAULT);
    CHECK_FAILS(open(longer, O_RDONLY), ENAMETOOLONG);
    CHECK_FAILS(open(path, O_RDONLY), ENAMETOOLONG);
    CHECK_FAILS(open("/none/x", O_CREAT | O_WRONLY, 0600), ENOENT);
    CHECK_FAILS(open("/dev/null/x", O_RDONLY), ENOTDIR);
    CHECK_FAILS(open("/dev/null/", O_RDONLY), ENOTDIR);
    CHECK_FAILS(open("/x", O_CREAT | O_WRONLY, 0600), EROFS);
    CHECK_FAILS(open("/tmp", O_WRONLY), EISDIR);
    CHECK_FAILS(open("/tmp/x/", O_CREAT | O_WRONLY, 0600), EISDIR);
    CHECK_FAILS(open("/dev/null", O_RDONLY | O_DIRECTORY), ENOTDIR);
    CHECK_FAILS(mkdir("/tmp", 0777), EEXIST);
    CHECK_FAILS(mkdir("/", 0777), EEXIST);
    CHECK_FAILS(mkdir("/etc", 0777), EROFS);
    CHECK_FAILS(rmdir("/"), EBUSY);
    CHECK_FAILS(rmdir("/tmp"), EROFS);
    CHECK_FAILS(rmdir("/dev/null"), ENOTDIR);
    CHECK_FAILS(unlink("/tmp"), EISDIR);
    CHECK_FAILS(unlink("/tmp/none"), ENOENT);
    CHECK_FAILS(rename("/tmp", "/tmp/x"), EROFS);
    CHECK_FAILS(rename("/tmp/none", "/tmp/x"), ENOENT);
    CHECK_FAILS(rename("/dev/null", "/tmp/x"), EROFS);
    CHECK_FAILS(read(open("/tmp", O_RDONLY), path, 1), EISDIR);
    CHECK_INT(close(3), 0);
    CHECK(opendir("/dev/null") == NULL && errno == ENOTDIR);
    CHECK(opendir("/none") == NULL && errno == ENOENT);
    CHECK(fdopendir(99) == NULL && errno == EBADF);
    CHECK(fdopendir(1) == NULL && errno == ENOTDIR);
}

static void moving(void)
{
    struct stat status;

    CHECK_INT(mkdir("/tmp/a", 0755), 0);
    CHECK_INT(mkdir("/tmp/a/b", 0755), 0);
    CHECK_INT(stat("/tmp/a", &status), 0);
    CHECK_INT(status.st_nlink, 3);
    CHECK_INT(make("/tmp/a/f"), 0);
    CHECK_FAILS(rmdir("/tmp/a"), ENOTEMPTY);
    CHECK_FAILS(rename("/tmp/a", "/tmp/a/b/c"), EINVAL);
    CHECK_FAILS(rename("/tmp/a/f", "/tmp/a/b"), EISDIR);
    CHECK_FAILS(rename("/tmp/a/b", "/tmp/a/f"), ENOTDIR);
    CHECK_FAILS(rename("/tmp/a/f", "/tmp/g/"), ENOTDIR);
    CHECK_FAILS(rename("/tmp/a/.", "/tmp/g"), EBUSY);
    CHECK_INT(rename("/tmp/a/f", "/tmp/a/f"), 0);
    CHECK_INT(rename("/tmp/a/f", "/tmp/a/b/f"), 0);
    CHECK_INT(mkdir("/tmp/e", 0755), 0);
    CHECK_INT(rename("/tmp/a/b", "/tmp/e"), 0);
    CHECK_STR(names("/tmp/e"), "f ");
    CHECK_STR(names("/tmp/a"), "");
    CHECK_FAILS(rename("/tmp/a", "/tmp/e"), ENOTEMPTY);
    CHECK_INT(link("/tmp/e/f", "/tmp/f2"), 0);
    CHECK_INT(stat("/tmp/f2", &status), 0);
    CHECK_INT(status.st_nlink, 2);
    CHECK_FAILS(link("/tmp/e/f", "/tmp/f2"), EEXIST);
    CHECK_FAILS(link("/tmp/e", "/tmp/g"), EPERM);
    CHECK_FAILS(link("/dev/null", "/tmp/g"), EXDEV);
    CHECK_INT(remove("/tmp/e/f"), 0);
    CHECK_INT(remove("/tmp/e"), 0);
    CHECK_INT(remove("/tmp/f2"), 0);
    CHECK_INT(remove("/tmp/a"), 0);
    CHECK_STR(names("/tmp"), "");
}

static void links(void)
{
    char buffer[64], whole[4096];
    struct stat status;

    CHECK_INT(mkdir("/tmp/d", 0755), 0);
    CHECK_INT(symlink("d/../d", "/tmp/s"), 0);
    CHECK_INT(symlink("file", "/tmp/d/l"), 0);
    CHECK_FAILS(open("/tmp/s/l", O_RDONLY), ENOENT);
    CHECK_FAILS(open("/tmp/s/l", O_CREAT | O_EXCL | O_WRONLY, 0600), EEXIST);
    CHECK_INT(close(open("/tmp/s/l", O_CREAT | O_WRONLY, 0600)), 0);
    CHECK_STR(names("/tmp/d"), "l file ");
    CHECK_INT(readlink("/tmp/s", buffer, sizeof buffer), 6);
    CHECK(memcmp(buffer, "d/../d", 6) == 0);
    CHECK_INT(readlink("/tmp/s", buffer, 2), 2);
    CHECK_FAILS(readlink("/tmp/d", buffer, sizeof buffer), EINVAL);
    CHECK_FAILS(readlink("/tmp/s", buffer, 0), EINVAL);
    CHECK_INT(lstat("/tmp/s", &status), 0);
    CHECK(S_ISLNK(status.st_mode) && status.st_size == 6);
    CHECK_INT(stat("/tmp/s", &status), 0);
    CHECK(S_ISDIR(status.st_mode));
    CHECK_STR(realpath("/tmp/s/./l", whole), "/tmp/d/file");
    CHECK_STR(realpath("/dev//null", whole), "/dev/null");
    CHECK_STR(realpath("tmp/..", whole), "/");
    CHECK(realpath("/tmp/none", whole) == NULL && errno == ENOENT);
    CHECK(realpath(NULL, whole) == NULL && errno == EINVAL);
    CHECK_FAILS(open("/tmp/s", O_RDONLY | O_NOFOLLOW), ELOOP);
    CHECK_INT(symlink("loop", "/tmp/loop"), 0);
    CHECK_FAILS(open("/tmp/loop", O_RDONLY), ELOOP);
    CHECK_INT(unlink("/tmp/loop"), 0);
    CHECK_INT(unlink("/tmp/d/l"), 0);
    CHECK_INT(unlink("/tmp/d/file"), 0);
    CHECK_INT(unlink("/tmp/s"), 0);
    CHECK_INT(rmdir("/tmp/d"), 0);
}

static void reading(void)
{
    char path[32];
    struct dirent *entry, **list;
    DIR *directory;
    int count = 0, fd;
    long middle;

    CHECK_INT(mkdir("/tmp/r", 0755), 0);
    for (int i = 0; i < 100; i++) {
        snprintf(path, sizeof path, "/tmp/r/%02d", 99 - i);
        make(path);
    }
    /* Each name exactly once, although each is removed when it is read. */
    directory = opendir("/tmp/r");
    while ((entry = readdir(directory)) != NULL) {
        if (entry->d_type == DT_DIR)
            continue;
        CHECK_INT(entry->d_type, DT_REG);
        snprintf(path, sizeof path, "/tmp/r/%.8s", entry->d_name);
        CHECK_INT(unlink(path), 0);
        count++;
    }
    CHECK_INT(count, 100);
    CHECK_INT(closedir(directory), 0);

    make("/tmp/r/b"), make("/tmp/r/a"), make("/tmp/r/c");
    CHECK_INT(scandir("/tmp/r", &list, NULL, alphasort), 5);
    CHECK_STR(list[0]->d_name, ".");
    CHECK_STR(list[2]->d_name, "a");
    CHECK_STR(list[4]->d_name, "c");
    for (int i = 0; i < 5; i++)
        free(list[i]);
    free(list);

    fd = open("/tmp/r", O_RDONLY | O_DIRECTORY);
    directory = fdopendir(fd);
    CHECK_INT(dirfd(directory), fd);
    readdir(directory), readdir(directory), readdir(directory);
    middle = telldir(directory);
    CHECK_STR(readdir(directory)->d_name, "a");
    CHECK_STR(readdir(directory)->d_name, "c");
    errno = 0;
    CHECK(readdir(directory) == NULL && errno == 0);
    seekdir(directory, middle);
    CHECK_STR(readdir(directory)->d_name, "a");
    rewinddir(directory);
    CHECK_STR(readdir(directory)->d_name, ".");
    CHECK_INT(close(openat(fd, "c", O_RDONLY)), 0);
    CHECK_FAILS(openat(fd, "none", O_RDONLY), ENOENT);
    CHECK_FAILS(openat(1, "c", O_RDONLY), ENOTDIR);
    CHECK_FAILS(openat(99, "c", O_RDONLY), EBADF);
    CHECK_INT(close(openat(99, "/dev/null", O_RDONLY)), 0);
    CHECK_INT(fchdir(fd), 0);
    CHECK_INT(access("c", F_OK), 0);
    CHECK_INT(chdir("/"), 0);
    CHECK_INT(unlinkat(fd, "a", 0), 0);
    CHECK_INT(unlinkat(fd, "b", 0), 0);
    CHECK_INT(renameat(fd, "c", AT_FDCWD, "/tmp/c"), 0);
    CHECK_INT(closedir(directory), 0);
    CHECK_FAILS(close(fd), EBADF);
    CHECK_INT(unlinkat(AT_FDCWD, "/tmp/r", AT_REMOVEDIR), 0);
    CHECK_INT(unlink("/tmp/c"), 0);
}

static void temporary(void)
{
    char file[] = "/tmp/t.XXXXXX", other[] = "/tmp/t.XXXXXX", directory[] = "/tmp/XXXXXX";
    char bad[] = "/tmp/XXXXX", nowhere[] = "/none/XXXXXX";
    int fd = mkstemp(file), second = mkstemp(other);
    FILE *stream;

    CHECK(fd >= 0 && second >= 0);
    CHECK(strcmp(file, other) != 0);
    CHECK_INT(access(file, F_OK), 0);
    CHECK(mkdtemp(directory) == directory);
    CHECK_FAILS(mkstemp(bad), EINVAL);
    CHECK_FAILS(mkstemp(nowhere), ENOENT);
    CHECK_STR(nowhere, "/none/XXXXXX");
    CHECK_INT(rmdir(directory), 0);
    close(fd), close(second);
    unlink(file), unlink(other);
    stream = tmpfile();
    CHECK(stream != NULL);
    CHECK(fputs("text", stream) >= 0);
    rewind(stream);
    CHECK_INT(fgetc(stream), 't');
    CHECK_INT(fclose(stream), 0);
    CHECK_STR(names("/tmp"), "");
}

int main(void)
{
    working_directory();
    refusals();
    moving();
    links();
    reading();
    temporary();
    return check_done();
}
