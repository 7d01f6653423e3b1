/* Thread-local variables: initial values, zeros, alignment, and constructors
 * before main. TLS of the program starts where the ELF image says.
 *
 * @models
 * @expect ok:
 */
#include "check.h"
#include <stdint.h>

static _Thread_local int initialised = 42;
static _Thread_local int zero;
static _Thread_local _Alignas(64) char aligned[64] = "aligned";
_Thread_local long shared = -1;

static int constructed;
static char bss[3 << 20];
static _Alignas(4096) char page[4096] = {1};
static const char *const relocated[] = {"a", "b"};

static __attribute__((constructor)) void construct(void)
{
    constructed = initialised;
}

int main(void)
{
    size_t sum = 0;

    CHECK_INT(initialised, 42);
    CHECK_INT(zero, 0);
    CHECK_STR(aligned, "aligned");
    CHECK_INT((uintptr_t)aligned % 64, 0);
    CHECK_INT(shared, -1);
    initialised++, zero--, shared++;
    CHECK_INT(initialised + zero + (int)shared, 42);
    CHECK_INT(constructed, 42);
    for (size_t i = 0; i < sizeof bss; i++)
        sum += (unsigned char)bss[i];
    CHECK_INT(sum, 0);
    CHECK_INT((uintptr_t)page % 4096, 0);
    CHECK_INT(page[0], 1);
    CHECK_STR(relocated[1], "b");
    return check_done();
}
