/* <memory.h>: the old name of <string.h>. */
#ifndef NOLIBC_MEMORY_H
#define NOLIBC_MEMORY_H

#include <string.h>

#endif
