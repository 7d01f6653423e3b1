/* <utime.h>: setting file times, to the second */
#ifndef NOLIBC_UTIME_H
#define NOLIBC_UTIME_H

#include <features.h>
#include <sys/types.h>

struct utimbuf {
    time_t actime;
    time_t modtime;
};

NOLIBC_BEGIN

int utime(const char *path, const struct utimbuf *times);

NOLIBC_END

#endif
