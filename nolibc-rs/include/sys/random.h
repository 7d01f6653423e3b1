/* <sys/random.h>: random bytes */
#ifndef NOLIBC_SYS_RANDOM_H
#define NOLIBC_SYS_RANDOM_H

#include <features.h>
#include <sys/types.h>

#define GRND_NONBLOCK 1
#define GRND_RANDOM 2

NOLIBC_BEGIN

int getentropy(void *buffer, size_t len);
ssize_t getrandom(void *buffer, size_t len, unsigned flags);

NOLIBC_END

#endif
