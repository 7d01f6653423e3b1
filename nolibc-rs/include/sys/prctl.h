/* <sys/prctl.h>: properties of the process */
#ifndef NOLIBC_SYS_PRCTL_H
#define NOLIBC_SYS_PRCTL_H

#include <features.h>

#define PR_SET_NAME 15
#define PR_GET_NAME 16

NOLIBC_BEGIN

int prctl(int option, ...);

NOLIBC_END

#endif
