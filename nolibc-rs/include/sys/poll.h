/* <sys/poll.h>: the old place of poll.h */
#ifndef NOLIBC_SYS_POLL_H
#define NOLIBC_SYS_POLL_H

#include <poll.h>



#endif
