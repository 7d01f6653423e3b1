/* <setjmp.h>: C11 7.13 and POSIX.1-2024. */
#ifndef NOLIBC_SETJMP_H
#define NOLIBC_SETJMP_H

#include <features.h>

/* What a callee keeps, where to go on, and a signal mask. */
typedef struct {
    unsigned long __registers[8];
    unsigned long __mask_saved;
    unsigned long __mask[16];
} jmp_buf[1];
typedef jmp_buf sigjmp_buf;

NOLIBC_BEGIN

int setjmp(jmp_buf env) __attribute__((__returns_twice__));
int _setjmp(jmp_buf env) __attribute__((__returns_twice__));
int sigsetjmp(sigjmp_buf env, int save_mask) __attribute__((__returns_twice__));
int __sigsetjmp(sigjmp_buf env, int save_mask) __attribute__((__returns_twice__));
NOLIBC_NORETURN void longjmp(jmp_buf env, int value);
NOLIBC_NORETURN void _longjmp(jmp_buf env, int value);
NOLIBC_NORETURN void siglongjmp(sigjmp_buf env, int value);

NOLIBC_END

#define setjmp(env) setjmp(env)
#define sigsetjmp(env, save_mask) sigsetjmp(env, save_mask)

#endif
