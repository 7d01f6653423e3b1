/* <sys/auxv.h>: the auxiliary vector, which only an ELF loader provides */
#ifndef NOLIBC_SYS_AUXV_H
#define NOLIBC_SYS_AUXV_H

#include <features.h>

#define AT_NULL 0
#define AT_PHDR 3
#define AT_PAGESZ 6
#define AT_HWCAP 16
#define AT_CLKTCK 17
#define AT_SECURE 23
#define AT_RANDOM 25
#define AT_HWCAP2 26
#define AT_EXECFN 31
#define AT_SYSINFO_EHDR 33
#define AT_MINSIGSTKSZ 51

NOLIBC_BEGIN

unsigned long getauxval(unsigned long type);

NOLIBC_END

#endif
