/* <poll.h>: waiting for descriptors */
#ifndef NOLIBC_POLL_H
#define NOLIBC_POLL_H

#include <features.h>
#define NOLIBC_NEED_sigset_t
#define NOLIBC_NEED_struct_timespec
#include <_nolibc/types.h>

typedef unsigned long nfds_t;

struct pollfd {
    int fd;
    short events;
    short revents;
};

#define POLLIN 0x001
#define POLLPRI 0x002
#define POLLOUT 0x004
#define POLLERR 0x008
#define POLLHUP 0x010
#define POLLNVAL 0x020
#define POLLRDNORM 0x040
#define POLLRDBAND 0x080
#define POLLWRNORM 0x100
#define POLLWRBAND 0x200

NOLIBC_BEGIN

int poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
          const sigset_t *mask);

NOLIBC_END

#endif
