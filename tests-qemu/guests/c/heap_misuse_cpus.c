/* A double free that several CPUs could hide: the first CPU has the block near, and another one
 * gives it back once more.
 *
 * @machines virtio-smp virtio-kvm xen-smp
 * @status 255
 * @expect free or realloc of memory that is already free
 * @reject after
 */
#include "check.h"
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

static void *give_back(void *block)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(1, &set);
    CHECK_INT(sched_setaffinity(0, sizeof set, &set), 0);
    free(block);
    return NULL;
}

int main(void)
{
    pthread_t t;
    void *volatile block;

    CHECK_INT(pthread_create(&t, NULL, give_back, malloc(24)), 0);
    CHECK_INT(pthread_join(t, NULL), 0);
    block = malloc(40);
    free(block);
    CHECK_INT(pthread_create(&t, NULL, give_back, block), 0);
    pthread_join(t, NULL);
    puts("after");
    return check_done();
}
