/* <sys/file.h>: locks on whole files */
#ifndef NOLIBC_SYS_FILE_H
#define NOLIBC_SYS_FILE_H

#include <features.h>
#include <fcntl.h>

#define LOCK_SH 1
#define LOCK_EX 2
#define LOCK_NB 4
#define LOCK_UN 8

NOLIBC_BEGIN

int flock(int fd, int operation);

NOLIBC_END

#endif
