/* <sys/signal.h>: the old place of signal.h */
#ifndef NOLIBC_SYS_SIGNAL_H
#define NOLIBC_SYS_SIGNAL_H

#include <signal.h>



#endif
