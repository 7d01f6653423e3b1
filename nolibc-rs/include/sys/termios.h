/* <sys/termios.h>: the old place of termios.h */
#ifndef NOLIBC_SYS_TERMIOS_H
#define NOLIBC_SYS_TERMIOS_H

#include <termios.h>



#endif
