/* <sys/uio.h>: scattered reads and writes */
#ifndef NOLIBC_SYS_UIO_H
#define NOLIBC_SYS_UIO_H

#include <features.h>
#include <sys/types.h>

struct iovec {
    void *iov_base;
    size_t iov_len;
};

#define UIO_MAXIOV 1024

NOLIBC_BEGIN

ssize_t preadv(int fd, const struct iovec *vectors, int count, off_t offset);
ssize_t pwritev(int fd, const struct iovec *vectors, int count, off_t offset);
ssize_t readv(int fd, const struct iovec *vectors, int count);
ssize_t writev(int fd, const struct iovec *vectors, int count);

NOLIBC_END

#endif
