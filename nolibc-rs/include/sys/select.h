/* <sys/select.h>: waiting for descriptors, in sets */
#ifndef NOLIBC_SYS_SELECT_H
#define NOLIBC_SYS_SELECT_H

#include <features.h>
#define NOLIBC_NEED_sigset_t
#define NOLIBC_NEED_struct_timespec
#define NOLIBC_NEED_struct_timeval
#include <_nolibc/types.h>

#define FD_SETSIZE 1024
#define NFDBITS 64

typedef unsigned long fd_mask;

typedef struct {
    fd_mask fds_bits[FD_SETSIZE / NFDBITS];
} fd_set;

#define FD_ZERO(set) \
    do { \
        fd_set *nolibc_set = (set); \
        unsigned nolibc_word; \
        for (nolibc_word = 0; nolibc_word < FD_SETSIZE / NFDBITS; nolibc_word++) \
            nolibc_set->fds_bits[nolibc_word] = 0; \
    } while (0)
#define FD_SET(fd, set) \
    ((void)((set)->fds_bits[(unsigned)(fd) / NFDBITS] |= 1UL << ((unsigned)(fd) % NFDBITS)))
#define FD_CLR(fd, set) \
    ((void)((set)->fds_bits[(unsigned)(fd) / NFDBITS] &= ~(1UL << ((unsigned)(fd) % NFDBITS))))
#define FD_ISSET(fd, set) \
    (((set)->fds_bits[(unsigned)(fd) / NFDBITS] >> ((unsigned)(fd) % NFDBITS) & 1) != 0)

NOLIBC_BEGIN

int pselect(int count, fd_set *__restrict readable, fd_set *__restrict writable,
            fd_set *__restrict exceptional,
            const struct timespec *__restrict timeout,
            const sigset_t *__restrict mask);
int select(int count, fd_set *__restrict readable, fd_set *__restrict writable,
           fd_set *__restrict exceptional, struct timeval *__restrict timeout);

NOLIBC_END

#endif
