/* <sys/syslog.h>: the old place of syslog.h */
#ifndef NOLIBC_SYS_SYSLOG_H
#define NOLIBC_SYS_SYSLOG_H

#include <syslog.h>



#endif
