/* A function that writes beyond its array ends the machine when it returns, by
 * __stack_chk_fail; the canary is not the constant that stands in the image.
 *
 * @case smash
 * @cmdline smash
 * @status 255
 * @expect before
 * @expect tack corruption detected
 * @reject after
 *
 * @case canary
 * @expect ok:
 */
#include "check.h"
#include <stdint.h>

extern uintptr_t __stack_chk_guard;

static __attribute__((noinline)) void smash(volatile size_t len)
{
    char array[16];

    for (volatile char *p = array; len > 0; len--)
        *p++ = 'x';
    __asm__ volatile("" : : "r"(array) : "memory");
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        check_print("before\n");
        smash(64);
        check_print("after\n");
    }
    CHECK(__stack_chk_guard != 0x00deadbeef0d0a00);
    CHECK(__stack_chk_guard != 0);
    /* A zero byte, so that no string function can write it. */
    CHECK_INT(__stack_chk_guard & 0xff00, 0);
    smash(16);
    return check_done();
}
