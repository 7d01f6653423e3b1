/*
 * A unikernel in C, with an entry of its own.
 *
 * `libnolibc.a` would run a `main`; this program is called by the machine itself,
 * hands the heap over to the library, and has all of it from there on: here
 * <stdio.h>, <stdlib.h> and threads. Its argument is the number below which it
 * counts primes.
 */
#include <errno.h>
#include <nolibc.h>
#include <pthread.h>
#include <solo5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct range {
    const unsigned char *composite;
    size_t from, to; /* up to, and without `to` */
    size_t primes;
};

static void *count(void *argument)
{
    struct range *range = argument;
    for (size_t n = range->from; n < range->to; n++)
        range->primes += !range->composite[n];
    return NULL;
}

/* How many primes are below `limit`, counted by two threads; -1: no memory. */
static long primes_below(size_t limit)
{
    unsigned char *composite = calloc(limit, 1);
    if (composite == NULL)
        return -1;
    for (size_t n = 2; n * n < limit; n++)
        for (size_t multiple = n * n; !composite[n] && multiple < limit; multiple += n)
            composite[multiple] = 1;
    struct range halves[2] = {
        { composite, 2, limit / 2, 0 },
        { composite, limit / 2, limit, 0 },
    };
    pthread_t thread;
    int error = pthread_create(&thread, NULL, count, &halves[0]);
    if (error != 0) {
        free(composite);
        return -1;
    }
    count(&halves[1]);
    pthread_join(thread, NULL);
    free(composite);
    return (long)(halves[0].primes + halves[1].primes);
}

int solo5_app_main(const struct solo5_start_info *info)
{
    _nolibc_init(info->heap_start, info->heap_size);
    const char *text = info->cmdline[0] != '\0' ? info->cmdline : "1000000";
    char *end;
    errno = 0;
    unsigned long limit = strtoul(text, &end, 10);
    if (errno != 0 || *end != '\0' || limit < 4 || limit > 1ul << 40) {
        fprintf(stderr, "sieve: `%s` is no number from 4 to 2^40\n", text);
        exit(2);
    }
    long primes = primes_below(limit);
    if (primes < 0) {
        fprintf(stderr, "sieve: no memory for %lu numbers\n", limit);
        exit(1);
    }
    printf("%ld primes below %lu\n", primes, limit);
    exit(0);
}
