/* A stack that grows beyond its end is noticed: at once where there is a guard
 * page, and at the next larger allocation or the end of the program elsewhere.
 *
 * @status 255
 * @expect begin
 * @expect the stack is full
 * @expect thread main
 * @flags -fno-builtin
 * @reject survived
 *
 * @case allocation
 * @cmdline allocation
 *
 * @case exit
 * @cmdline exit
 */
#include "check.h"
#include <stdlib.h>

static size_t depth;
static int leave;

static __attribute__((noinline)) int down(size_t n)
{
    volatile char frame[300];

    frame[0] = (char)n;
    frame[299] = (char)n;
    if (n == 0) {
        void *p;

        if (leave)
            _exit(0);
        p = malloc(100000);
        check_print("survived\n");
        free(p);
        return 1;
    }
    return down(n - 1) + frame[0] + frame[299];
}

int main(int argc, char **argv)
{
    leave = argc > 1 && strcmp(argv[1], "exit") == 0;
    check_print("begin\n");
    depth = (5 << 20) / 4 / 300;
    return down(depth);
}
