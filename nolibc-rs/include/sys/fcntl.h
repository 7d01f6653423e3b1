/* <sys/fcntl.h>: the old place of fcntl.h */
#ifndef NOLIBC_SYS_FCNTL_H
#define NOLIBC_SYS_FCNTL_H

#include <fcntl.h>



#endif
