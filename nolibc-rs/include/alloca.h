/* <alloca.h>: the compiler's own. */
#ifndef NOLIBC_ALLOCA_H
#define NOLIBC_ALLOCA_H

#define NOLIBC_NEED_size_t
#include <_nolibc/types.h>

#undef alloca
#define alloca(size) __builtin_alloca(size)

#endif
