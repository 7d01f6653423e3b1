/* A thread that outgrows its stack ends the machine with a report that names it: at once where
 * there are guard pages, when it next looks on spt.
 *
 * @status 255
 * @expect begin
 * @expect nolibc: the stack is full
 * @expect thread deep
 * @flags -fno-builtin
 * @reject survived
 */
#include "check.h"
#include <pthread.h>
#include <stdlib.h>

/* Use the stack down to a little below `low`, so that only the guard is hit. */
static __attribute__((noinline)) int dive(volatile char *above, char *low)
{
    volatile char here[300];

    for (int i = 0; i < 300; i++)
        here[i] = (char)i;
    if ((char *)here < low - 100)
        return above[0];
    return dive(here, low) + here[17];
}

static void *deep(void *argument)
{
    volatile char here = 0;
    pthread_attr_t attr;
    void *low;
    size_t size;

    pthread_setname_np(pthread_self(), "deep");
    pthread_getattr_np(pthread_self(), &attr);
    pthread_attr_getstack(&attr, &low, &size);
    dive(&here, low);
    free(malloc(100000));
    check_print("survived\n");
    return argument;
}

int main(void)
{
    pthread_t t, below;

    check_print("begin\n");
    /* Somebody's memory lies below. */
    pthread_create(&below, NULL, deep, NULL);
    pthread_create(&t, NULL, deep, NULL);
    pthread_join(t, NULL);
    return 0;
}
