/* What is registered for the end runs in reverse order, more may be registered meanwhile;
 * constructors run before main, by priority, and destructors at the end.
 *
 * @case exit
 * @cmdline exit
 * @status 3
 * @expect constructor 101
 * @expect constructor
 * @expect main
 * @expect late
 * @expect with argument: cxa
 * @expect with status: 3
 * @expect many: 100
 * @expect destructor
 * @reject quick
 *
 * @case quick
 * @cmdline quick
 * @status 4
 * @expect main
 * @expect quick two
 * @expect quick one
 * @reject destructor
 * @reject late
 * @reject with
 */
#include "check.h"
#include <stdlib.h>

int __cxa_atexit(void (*function)(void *), void *argument, void *object);

static __attribute__((constructor)) void construct(void)
{
    check_print("constructor\n");
}

static __attribute__((constructor(101))) void construct_first(void)
{
    check_print("constructor 101\n");
}

static __attribute__((destructor)) void destruct(void)
{
    check_print("destructor\n");
}

static int many;

static void count(void)
{
    many++;
}

static void print_many(void)
{
    check_print("many: ");
    check_print_int(many);
    check_print("\n");
}

static void with_status(int status, void *argument)
{
    check_print(argument);
    check_print_int(status);
    check_print("\n");
}

static void with_argument(void *argument)
{
    check_print("with argument: ");
    check_print(argument);
    check_print("\n");
}

static void late(void)
{
    check_print("late\n");
}

static void early(void)
{
    CHECK_INT(atexit(late), 0);
}

static void quick_one(void)
{
    check_print("quick one\n");
}

static void quick_two(void)
{
    check_print("quick two\n");
}

int main(int argc, char **argv)
{
    check_print("main\n");
    CHECK_INT(at_quick_exit(quick_one), 0);
    CHECK_INT(at_quick_exit(quick_two), 0);
    CHECK_INT(atexit(print_many), 0);
    for (int i = 0; i < 100; i++)
        CHECK_INT(atexit(count), 0);
    CHECK_INT(on_exit(with_status, (void *)"with status: "), 0);
    CHECK_INT(__cxa_atexit(with_argument, (void *)"cxa", NULL), 0);
    CHECK_INT(atexit(early), 0);
    if (argc > 1 && strcmp(argv[1], "quick") == 0)
        quick_exit(4);
    exit(3);
}
