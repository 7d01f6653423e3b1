/* <sys/syscall.h>: the numbers of system calls: there are none */
#ifndef NOLIBC_SYS_SYSCALL_H
#define NOLIBC_SYS_SYSCALL_H

#include <features.h>

NOLIBC_BEGIN

long syscall(long number, ...);

NOLIBC_END

#endif
