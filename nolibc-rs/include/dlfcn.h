/* <dlfcn.h>: dynamic linking, of which a unikernel has none */
#ifndef NOLIBC_DLFCN_H
#define NOLIBC_DLFCN_H

#include <features.h>

#define RTLD_LAZY 1
#define RTLD_NOW 2
#define RTLD_NOLOAD 4
#define RTLD_NODELETE 0x1000
#define RTLD_GLOBAL 0x100
#define RTLD_LOCAL 0
#define RTLD_DEFAULT ((void *)0)
#define RTLD_NEXT ((void *)-1L)

NOLIBC_BEGIN

int dlclose(void *handle);
char *dlerror(void);
void *dlopen(const char *path, int mode);
void *dlsym(void *__restrict handle, const char *__restrict name);

NOLIBC_END

#endif
