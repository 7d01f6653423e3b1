/* Files in /tmp and the devices: contents, offsets, flags and every error.
 *
 * @expect ok:
 */
#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <time.h>
#include <utime.h>

static void contents(void)
{
    char buffer[32] = {0};
    struct stat status;
    int fd = open("/tmp/a", O_RDWR | O_CREAT | O_EXCL, 0640);

    CHECK_INT(fd, 3);
    CHECK_INT(write(fd, "hello", 5), 5);
    CHECK_INT(lseek(fd, 0, SEEK_CUR), 5);
    CHECK_INT(lseek(fd, 1, SEEK_SET), 1);
    CHECK_INT(read(fd, buffer, 10), 4);
    CHECK_STR(buffer, "ello");
    CHECK_INT(read(fd, buffer, 10), 0);
    CHECK_INT(pwrite(fd, "J", 1, 0), 1);
    CHECK_INT(pread(fd, buffer, 3, 0), 3);
    CHECK(memcmp(buffer, "Jel", 3) == 0);
    CHECK_INT(lseek(fd, 0, SEEK_CUR), 5);
    CHECK_INT(lseek(fd, 4096, SEEK_END), 4101);
    CHECK_INT(write(fd, "!", 1), 1);
    CHECK_INT(fstat(fd, &status), 0);
    CHECK_INT(status.st_size, 4102);
    CHECK_INT(status.st_mode, S_IFREG | 0640);
    CHECK_INT(status.st_nlink, 1);
    CHECK_INT(pread(fd, buffer, 2, 4100), 2);
    CHECK(buffer[0] == 0 && buffer[1] == '!');
    CHECK_INT(ftruncate(fd, 2), 0);
    CHECK_INT(ftruncate(fd, 6), 0);
    CHECK_INT(pread(fd, buffer, 32, 0), 6);
    CHECK(memcmp(buffer, "Je\0\0\0\0", 6) == 0);
    CHECK_INT(close(fd), 0);
    CHECK_FAILS(close(fd), EBADF);
    CHECK_FAILS(open("/tmp/a", O_RDWR | O_CREAT | O_EXCL, 0640), EEXIST);

    fd = open("/tmp/a", O_WRONLY | O_APPEND | O_TRUNC);
    CHECK_FAILS(read(fd, buffer, 1), EBADF);
    CHECK_INT(write(fd, "one", 3), 3);
    CHECK_INT(lseek(fd, 0, SEEK_SET), 0);
    CHECK_INT(write(fd, "two", 3), 3);
    CHECK_INT(lseek(fd, 0, SEEK_CUR), 6);
    CHECK_FAILS(lseek(fd, -7, SEEK_CUR), EINVAL);
    CHECK_FAILS(lseek(fd, 0, 9), EINVAL);
    CHECK_FAILS(lseek(fd, 0x7fffffffffffffff, SEEK_CUR), EOVERFLOW);
    CHECK_FAILS(write(fd, NULL, 1), EFAULT);
    CHECK_INT(write(fd, NULL, 0), 0);
    CHECK_INT(close(fd), 0);

    fd = open("/tmp/a", O_RDONLY);
    CHECK_FAILS(write(fd, "x", 1), EBADF);
    CHECK_FAILS(ftruncate(fd, 0), EINVAL);
    CHECK_INT(read(fd, buffer, 6), 6);
    CHECK(memcmp(buffer, "onetwo", 6) == 0);
    CHECK_INT(unlink("/tmp/a"), 0);
    CHECK_FAILS(open("/tmp/a", O_RDONLY), ENOENT);
    CHECK_INT(pread(fd, buffer, 3, 3), 3);
    CHECK(memcmp(buffer, "two", 3) == 0);
    CHECK_INT(fstat(fd, &status), 0);
    CHECK_INT(status.st_nlink, 0);
    CHECK_INT(close(fd), 0);
}

static void vectors(void)
{
    char one[3], two[8];
    struct iovec pieces[2] = {{"abc", 3}, {"defgh", 5}};
    struct iovec rooms[2] = {{one, 3}, {two, 8}};
    int fd = open("/tmp/v", O_RDWR | O_CREAT, 0600);

    CHECK_INT(writev(fd, pieces, 2), 8);
    CHECK_INT(preadv(fd, rooms, 2, 0), 8);
    CHECK(memcmp(one, "abc", 3) == 0 && memcmp(two, "defgh", 5) == 0);
    CHECK_INT(pwritev(fd, pieces, 1, 5), 3);
    lseek(fd, 2, SEEK_SET);
    CHECK_INT(readv(fd, rooms, 2), 6);
    CHECK(memcmp(one, "cde", 3) == 0 && memcmp(two, "abc", 3) == 0);
    CHECK_FAILS(writev(fd, pieces, 0), EINVAL);
    CHECK_FAILS(writev(fd, pieces, -1), EINVAL);
    CHECK_FAILS(readv(fd, NULL, 1), EFAULT);
    CHECK_FAILS(readv(99, rooms, 1), EBADF);
    close(fd);
    unlink("/tmp/v");
}

static void copies(void)
{
    char buffer[4];
    int fd = open("/tmp/d", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int copy = dup(fd);

    CHECK_INT(write(fd, "abcdef", 6), 6);
    CHECK_INT(lseek(copy, 0, SEEK_CUR), 6);
    CHECK_INT(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_INT(fcntl(copy, F_GETFD), 0);
    CHECK_INT(fcntl(copy, F_SETFD, FD_CLOEXEC), 0);
    CHECK_INT(fcntl(copy, F_GETFD), FD_CLOEXEC);
    CHECK_INT(dup2(fd, 20), 20);
    CHECK_INT(dup2(20, 20), 20);
    CHECK_INT(fcntl(fd, F_DUPFD, 20), 21);
    CHECK_INT(fcntl(fd, F_DUPFD_CLOEXEC, 10), 10);
    CHECK_INT(fcntl(10, F_GETFD), FD_CLOEXEC);
    CHECK_FAILS(fcntl(fd, F_DUPFD, -1), EINVAL);
    CHECK_FAILS(fcntl(fd, F_DUPFD, 5000), EINVAL);
    CHECK_FAILS(dup2(fd, -1), EBADF);
    CHECK_FAILS(dup2(fd, 5000), EBADF);
    CHECK_FAILS(dup2(77, 3), EBADF);
    CHECK_FAILS(dup3(fd, fd, 0), EINVAL);
    CHECK_INT(dup3(fd, 22, O_CLOEXEC), 22);
    CHECK_INT(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDWR);
    CHECK_INT(fcntl(copy, F_SETFL, O_APPEND), 0);
    CHECK_INT(fcntl(fd, F_GETFL) & O_APPEND, O_APPEND);
    CHECK_FAILS(fcntl(fd, 12345, 0), EINVAL);
    CHECK_FAILS(fcntl(99, F_GETFL), EBADF);
    close(fd);
    CHECK_INT(pread(copy, buffer, 3, 3), 3);
    CHECK_INT(lockf(copy, F_LOCK, 0), 0);
    CHECK_INT(lockf(copy, F_ULOCK, 0), 0);
    close(copy), close(20), close(21), close(10), close(22);
    unlink("/tmp/d");

    /* Every descriptor there is. */
    int count = 0;
    while (dup(1) >= 0)
        count++;
    CHECK_INT(errno, EMFILE);
    CHECK_INT(count, sysconf(_SC_OPEN_MAX) - 3);
    CHECK_FAILS(open("/tmp/none", O_CREAT | O_WRONLY, 0600), EMFILE);
    CHECK_FAILS(access("/tmp/none", F_OK), ENOENT);
    for (int fd = 3; fd < 3 + count; fd++)
        close(fd);
}

static void devices(void)
{
    char buffer[64];
    struct stat status;
    int fd = open("/dev/null", O_RDWR | O_CREAT | O_TRUNC, 0600);

    CHECK_INT(write(fd, "gone", 4), 4);
    CHECK_INT(read(fd, buffer, 4), 0);
    close(fd);
    fd = open("/dev/zero", O_RDWR);
    memset(buffer, 1, sizeof buffer);
    CHECK_INT(read(fd, buffer, 64), 64);
    CHECK(buffer[0] == 0 && buffer[63] == 0);
    close(fd);
    fd = open("/dev/full", O_RDWR);
    CHECK_FAILS(write(fd, "x", 1), ENOSPC);
    close(fd);
    fd = open("/dev/urandom", O_RDONLY);
    if (fd < 0) {
        CHECK_INT(errno, ENXIO);
        CHECK_FAILS(getentropy(buffer, 8), ENOSYS);
    } else {
        char other[64];
        CHECK_INT(read(fd, buffer, 64), 64);
        CHECK_INT(read(fd, other, 64), 64);
        CHECK(memcmp(buffer, other, 64) != 0);
        close(fd);
        CHECK_INT(getentropy(buffer, 256 - 192), 0);
        CHECK_FAILS(getentropy(buffer, 257), EIO);
    }
    CHECK_INT(stat("/dev/console", &status), 0);
    CHECK(S_ISCHR(status.st_mode));
    CHECK_FAILS(lseek(1, 0, SEEK_SET), ESPIPE);
    CHECK_FAILS(pread(0, buffer, 1, 0), ESPIPE);
    CHECK_FAILS(unlink("/dev/null"), EROFS);
    CHECK_FAILS(chmod("/dev/null", 0), EROFS);
    CHECK_FAILS(open("/dev/new", O_CREAT | O_WRONLY, 0600), EROFS);
    CHECK_FAILS(ftruncate(1, 0), EINVAL);
}

static void properties(void)
{
    struct stat status;
    struct statvfs system;
    struct utimbuf times = {1000, 2000};
    struct timespec fine[2] = {{0, UTIME_OMIT}, {3000, 5}};
    int fd = open("/tmp/p", O_RDWR | O_CREAT, 0777);

    CHECK_INT(fstat(fd, &status), 0);
    CHECK_INT(status.st_mode & 07777, 0755);
    CHECK_INT(umask(077), 022);
    CHECK_INT(umask(022), 077);
    CHECK_INT(fchmod(fd, 01234), 0);
    CHECK_INT(chown("/tmp/p", 7, 8), 0);
    CHECK_INT(fchown(fd, -1, 9), 0);
    CHECK_INT(utime("/tmp/p", &times), 0);
    CHECK_INT(stat("/tmp/p", &status), 0);
    CHECK_INT(status.st_mode & 07777, 01234);
    CHECK_INT(status.st_uid, 7);
    CHECK_INT(status.st_gid, 9);
    CHECK_INT(status.st_atime, 1000);
    CHECK_INT(status.st_mtime, 2000);
    CHECK(status.st_ctime > 1000000000);
    CHECK_INT(futimens(fd, fine), 0);
    CHECK_INT(fstat(fd, &status), 0);
    CHECK_INT(status.st_atime, 1000);
    CHECK_INT(status.st_mtim.tv_sec, 3000);
    CHECK_INT(status.st_mtim.tv_nsec, 5);
    CHECK_INT(access("/tmp/p", R_OK | W_OK), 0);
    CHECK_FAILS(access("/tmp/p", 8), EINVAL);
    CHECK_INT(chmod("/tmp/p", 0600), 0);
    CHECK_FAILS(access("/tmp/p", X_OK), EACCES);
    CHECK_FAILS(access("/", W_OK), EROFS);
    CHECK_INT(access("/dev/null", R_OK | W_OK), 0);
    CHECK_INT(statvfs("/tmp", &system), 0);
    CHECK(system.f_bavail > 0 && system.f_bavail <= system.f_blocks);
    CHECK_INT(fsync(fd), 0);
    CHECK_INT(fdatasync(fd), 0);
    CHECK_FAILS(fsync(1), EINVAL);
    close(fd);
    unlink("/tmp/p");
}

static void full(void)
{
    static char block[65536];
    long total = 0;
    ssize_t done;
    int fd = open("/tmp/full", O_RDWR | O_CREAT, 0600);

    CHECK_FAILS(ftruncate(fd, 1L << 40), ENOSPC);
    CHECK_FAILS(pwrite(fd, "x", 1, 1L << 40), ENOSPC);
    CHECK_FAILS(pwrite(fd, "x", 1, 0x7fffffffffffffff), EFBIG);
    while ((done = write(fd, block, sizeof block)) > 0)
        total += done;
    CHECK_INT(errno, ENOSPC);
    CHECK(total > 8 << 20);
    CHECK_INT(ftruncate(fd, 0), 0);
    void *memory = malloc(8 << 20);
    CHECK(memory != NULL);
    free(memory);
    close(fd);
    unlink("/tmp/full");
}

int main(void)
{
    contents();
    vectors();
    copies();
    devices();
    properties();
    full();
    return check_done();
}
