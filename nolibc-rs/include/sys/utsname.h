/* <sys/utsname.h>: what this system is */
#ifndef NOLIBC_SYS_UTSNAME_H
#define NOLIBC_SYS_UTSNAME_H

#include <features.h>

struct utsname {
    char sysname[65];
    char nodename[65];
    char release[65];
    char version[65];
    char machine[65];
    char domainname[65];
};

NOLIBC_BEGIN

int uname(struct utsname *name);

NOLIBC_END

#endif
