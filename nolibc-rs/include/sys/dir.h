/* <sys/dir.h>: the old place of dirent.h */
#ifndef NOLIBC_SYS_DIR_H
#define NOLIBC_SYS_DIR_H

#include <dirent.h>

#define direct dirent

#endif
