/* The exit status reaches the host, handlers run in reverse order, and buffers
 * are written out; _exit does neither.
 *
 * @case zero
 * @cmdline exit 0
 * @expect second handler
 * @expect first handler
 * @expect buffered
 *
 * @case one
 * @cmdline exit 1
 * @status 1
 * @expect second handler
 *
 * @case forty-two
 * @cmdline exit 42
 * @status 42
 * @expect first handler
 *
 * @case one-two-seven
 * @cmdline exit 127
 * @status 127
 * @expect first handler
 *
 * @case one-two-eight
 * @cmdline exit 128
 * @status 128
 * @expect first handler
 *
 * @case two-five-four
 * @cmdline exit 254
 * @status 254
 * @expect first handler
 *
 * @case two-five-five
 * @cmdline exit 255
 * @status 255
 * @expect first handler
 *
 * @case eight-bits
 * @cmdline exit 259
 * @status 3
 * @expect first handler
 *
 * @case return
 * @cmdline return 7
 * @status 7
 * @expect second handler
 * @expect first handler
 * @expect buffered
 *
 * @case in-handler
 * @cmdline nested 5
 * @status 9
 * @expect second handler
 * @expect first handler
 *
 * @case in-destructor
 * @cmdline destructor 5
 * @status 8
 * @expect first handler
 * @expect later destructor
 * @expect earlier destructor
 * @expect buffered
 *
 * @case at-once
 * @cmdline _exit 6
 * @status 6
 * @expect begin
 * @reject handler
 * @reject buffered
 *
 * @case abort
 * @cmdline abort 0
 * @status 255
 * @expect begin
 * @expect abort
 * @reject handler
 */
#include "check.h"
#include <stdio.h>
#include <stdlib.h>

static int nested, in_destructor;

static void first(void)
{
    check_print("first handler\n");
}

static void second(void)
{
    check_print("second handler\n");
    if (nested)
        exit(9);
}

static __attribute__((destructor(102))) void later(void)
{
    if (in_destructor) {
        check_print("later destructor\n");
        exit(8);
    }
}

static __attribute__((destructor(101))) void earlier(void)
{
    if (in_destructor)
        check_print("earlier destructor\n");
}

int main(int argc, char **argv)
{
    const char *way = argc > 1 ? argv[1] : "";
    int status = argc > 2 ? atoi(argv[2]) : 0;

    check_print("begin\n");
    if (atexit(first) != 0 || atexit(second) != 0)
        return 100;
    /* Without a newline: it waits in the buffer of stdout. */
    fputs("buffered ", stdout);
    if (strcmp(way, "return") == 0)
        return status;
    if (strcmp(way, "_exit") == 0)
        _exit(status);
    if (strcmp(way, "abort") == 0)
        abort();
    nested = strcmp(way, "nested") == 0;
    in_destructor = strcmp(way, "destructor") == 0;
    exit(status);
}
