/* Large output arrives whole and in order, in many small writes and in one
 * large one.
 *
 * @timeout 60
 * @expect line 0 abcdefghijklmnopqrstuvwxyz
 * @expect line 1 abcdefghijklmnopqrstuvwxyz
 * @expect line 777 abcdefghijklmnopqrstuvwxyz
 * @expect line 1999 abcdefghijklmnopqrstuvwxyz
 * @expect block 0 of 4096
 * @expect block 2048 of 4096
 * @expect block 4095 of 4096
 * @expect ok:
 */
#include "check.h"

#define BLOCKS 4096

static char large[BLOCKS * 32];

int main(void)
{
    char *p = large;

    for (int i = 0; i < 2000; i++) {
        check_print("line ");
        check_print_int(i);
        check_print(" abcdefghijklmnopqrstuvwxyz\n");
    }
    for (int i = 0; i < BLOCKS; i++) {
        char line[] = "block      of 4096             \n";

        for (int at = 9, rest = i; at == 9 || rest > 0; at--, rest /= 10)
            line[at] = (char)('0' + rest % 10);
        /* Digits stand at the left. */
        char *digits = line + 6;
        while (*digits == ' ')
            memmove(digits, digits + 1, (size_t)(line + 30 - digits));
        memcpy(p, line, 32);
        p += 32;
    }
    CHECK_INT(write(1, large, sizeof large), sizeof large);
    CHECK_INT(write(1, large, 0), 0);
    CHECK_INT(write(2, "to stderr\n", 10), 10);
    return check_done();
}
