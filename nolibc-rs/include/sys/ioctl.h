/* <sys/ioctl.h>: device control */
#ifndef NOLIBC_SYS_IOCTL_H
#define NOLIBC_SYS_IOCTL_H

#include <features.h>

#define TCGETS 0x5401
#define TIOCGPGRP 0x540f
#define TIOCSPGRP 0x5410
#define TIOCGWINSZ 0x5413
#define TIOCSWINSZ 0x5414
#define FIONREAD 0x541b
#define TIOCINQ FIONREAD
#define FIONBIO 0x5421
#define FIONCLEX 0x5450
#define FIOCLEX 0x5451

struct winsize {
    unsigned short ws_row;
    unsigned short ws_col;
    unsigned short ws_xpixel;
    unsigned short ws_ypixel;
};

NOLIBC_BEGIN

int ioctl(int fd, unsigned long request, ...);

NOLIBC_END

#endif
