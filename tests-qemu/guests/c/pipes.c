/* Pipes, FIFOs, poll and select.
 *
 * @case waiting
 * @expect ok:
 *
 * @case empty
 * @cmdline -- empty
 * @expect deadlock
 * @status 255
 *
 * @case forever
 * @cmdline -- forever
 * @expect deadlock
 * @status 255
 */
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pipes(void)
{
    static char block[70000];
    char buffer[16];
    int ends[2], count;

    CHECK_FAILS(pipe(NULL), EFAULT);
    CHECK_FAILS(pipe2(ends, O_APPEND), EINVAL);
    CHECK_INT(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
    CHECK_INT(fcntl(ends[0], F_GETFD), FD_CLOEXEC);
    CHECK_FAILS(read(ends[0], buffer, 1), EAGAIN);
    CHECK_INT(read(ends[0], buffer, 0), 0);
    CHECK_INT(write(ends[1], "hello", 5), 5);
    CHECK_INT(ioctl(ends[0], FIONREAD, &count), 0);
    CHECK_INT(count, 5);
    CHECK_INT(read(ends[0], buffer, 3), 3);
    CHECK_INT(read(ends[0], buffer, 9), 2);
    CHECK_FAILS(read(ends[1], buffer, 1), EBADF);
    CHECK_FAILS(write(ends[0], buffer, 1), EBADF);
    CHECK_FAILS(lseek(ends[0], 0, SEEK_CUR), ESPIPE);
    CHECK_FAILS(pread(ends[0], buffer, 1, 0), ESPIPE);
    CHECK_INT(write(ends[1], block, sizeof block), 65536);
    CHECK_FAILS(write(ends[1], block, 1), EAGAIN);
    CHECK_INT(read(ends[0], block, 100), 100);
    CHECK_FAILS(write(ends[1], block, 4096), EAGAIN);
    CHECK_INT(write(ends[1], block, 100), 100);
    CHECK_INT(read(ends[0], block, sizeof block), 65536);
    CHECK_INT(write(ends[1], "end", 3), 3);
    CHECK_INT(close(ends[1]), 0);
    CHECK_INT(read(ends[0], buffer, 9), 3);
    CHECK_INT(read(ends[0], buffer, 9), 0);
    CHECK_INT(close(ends[0]), 0);
}

static void fifos(void)
{
    char buffer[4];
    struct stat status;
    int both, reader, writer;

    CHECK_INT(mkfifo("/tmp/f", 0600), 0);
    CHECK_FAILS(mkfifo("/tmp/f", 0600), EEXIST);
    CHECK_INT(stat("/tmp/f", &status), 0);
    CHECK(S_ISFIFO(status.st_mode));
    CHECK_FAILS(open("/tmp/f", O_WRONLY | O_NONBLOCK), ENXIO);
    both = open("/tmp/f", O_RDWR);
    reader = open("/tmp/f", O_RDONLY);
    writer = open("/tmp/f", O_WRONLY);
    CHECK_INT(write(writer, "abc", 3), 3);
    CHECK_INT(read(reader, buffer, 4), 3);
    close(both), close(reader), close(writer);
    CHECK_INT(unlink("/tmp/f"), 0);
}

static void polling(void)
{
    struct pollfd fds[4] = {{0}};
    int ends[2];
    long start;

    pipe(ends);
    fds[0].fd = ends[0], fds[0].events = POLLIN;
    fds[1].fd = ends[1], fds[1].events = POLLOUT;
    fds[2].fd = -1, fds[2].events = POLLIN;
    fds[3].fd = 99, fds[3].events = POLLIN;
    CHECK_INT(poll(fds, 4, 1000), 2);
    CHECK_INT(fds[0].revents, 0);
    CHECK_INT(fds[1].revents, POLLOUT);
    CHECK_INT(fds[2].revents, 0);
    CHECK_INT(fds[3].revents, POLLNVAL);
    start = now_ms();
    CHECK_INT(poll(fds, 1, 30), 0);
    CHECK(now_ms() - start >= 29);
    write(ends[1], "x", 1);
    CHECK_INT(poll(fds, 1, -1), 1);
    CHECK_INT(fds[0].revents, POLLIN);
    close(ends[1]);
    CHECK_INT(poll(fds, 1, -1), 1);
    CHECK_INT(fds[0].revents, POLLIN | POLLHUP);
    CHECK_INT(poll(NULL, 0, 0), 0);
    CHECK_FAILS(poll(NULL, 1, 0), EFAULT);
    CHECK_FAILS(poll(fds, 100000, 0), EINVAL);
    close(ends[0]);
    fds[0].fd = 1, fds[0].events = POLLOUT;
    CHECK_INT(poll(fds, 1, -1), 1);
    struct timespec bad = {0, -1};
    CHECK_FAILS(ppoll(fds, 1, &bad, NULL), EINVAL);
}

static void selecting(void)
{
    fd_set readable, writable;
    struct timeval moment = {0, 20000};
    int ends[2];
    long start = now_ms();

    pipe(ends);
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_SET(ends[0], &readable);
    CHECK_INT(select(ends[1] + 1, &readable, &writable, NULL, &moment), 0);
    CHECK(now_ms() - start >= 19);
    CHECK(!FD_ISSET(ends[0], &readable));
    write(ends[1], "x", 1);
    FD_SET(ends[0], &readable);
    FD_SET(ends[1], &writable);
    CHECK_INT(select(ends[1] + 1, &readable, &writable, NULL, NULL), 2);
    CHECK(FD_ISSET(ends[0], &readable) && FD_ISSET(ends[1], &writable));
    FD_CLR(ends[0], &readable);
    FD_SET(99, &readable);
    CHECK_FAILS(select(100, &readable, NULL, NULL, NULL), EBADF);
    CHECK_FAILS(select(-1, NULL, NULL, NULL, NULL), EINVAL);
    moment.tv_sec = -1;
    CHECK_FAILS(select(0, NULL, NULL, NULL, &moment), EINVAL);
    moment.tv_sec = 0, moment.tv_usec = 1000;
    CHECK_INT(select(0, NULL, NULL, NULL, &moment), 0);
    close(ends[0]), close(ends[1]);
}

static void locks(void)
{
    int one = open("/tmp/l", O_RDWR | O_CREAT, 0600), other = open("/tmp/l", O_RDWR);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    CHECK_INT(flock(one, LOCK_EX), 0);
    CHECK_INT(flock(one, LOCK_EX), 0);
    CHECK_FAILS(flock(other, LOCK_SH | LOCK_NB), EWOULDBLOCK);
    CHECK_INT(flock(one, LOCK_SH), 0);
    CHECK_INT(flock(other, LOCK_SH), 0);
    CHECK_FAILS(flock(other, LOCK_EX | LOCK_NB), EWOULDBLOCK);
    CHECK_INT(close(one), 0);
    CHECK_INT(flock(other, LOCK_EX), 0);
    CHECK_FAILS(flock(other, 77), EINVAL);
    CHECK_FAILS(flock(99, LOCK_EX), EBADF);
    CHECK_INT(fcntl(other, F_SETLK, &lock), 0);
    CHECK_INT(fcntl(other, F_GETLK, &lock), 0);
    CHECK_INT(lock.l_type, F_UNLCK);
    CHECK_FAILS(fcntl(other, F_SETLK, NULL), EFAULT);
    close(other);
    unlink("/tmp/l");
}

int main(int argc, char **argv)
{
    char byte;
    int ends[2];

    if (argc < 2) {
        pipes();
        fifos();
        polling();
        selecting();
        locks();
        return check_done();
    }
    pipe(ends);
    if (strcmp(argv[1], "empty") == 0)
        return (int)read(ends[0], &byte, 1);
    struct pollfd fd = {ends[0], POLLIN, 0};
    return poll(&fd, 1, -1);
}
