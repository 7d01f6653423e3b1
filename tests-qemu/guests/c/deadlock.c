/* A wait that nothing can end is reported, and the machine ends.
 *
 * @status 255
 * @expect begin
 * @expect deadlock: the only thread waits for
 * @reject survived
 *
 * @case mutex
 * @cmdline mutex
 * @expect a mutex that it holds itself
 *
 * @case condition
 * @cmdline condition
 * @expect a condition variable that nobody signals
 *
 * @case semaphore
 * @cmdline semaphore
 * @expect a semaphore that nobody posts
 *
 * @case barrier
 * @cmdline barrier
 * @expect a barrier that too few threads reach
 *
 * @case once
 * @cmdline once
 * @expect a pthread_once whose function does not end
 */
#include "check.h"
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_barrier_t barrier;
static sem_t semaphore;

static void again(void)
{
    pthread_once(&once, again);
}

int main(int argc, char **argv)
{
    const char *way = argc > 1 ? argv[1] : "";

    check_print("begin\n");
    pthread_mutex_lock(&mutex);
    if (strcmp(way, "mutex") == 0) {
        pthread_mutex_lock(&mutex);
    } else if (strcmp(way, "condition") == 0) {
        pthread_cond_wait(&condition, &mutex);
    } else if (strcmp(way, "semaphore") == 0) {
        sem_init(&semaphore, 0, 0);
        sem_wait(&semaphore);
    } else if (strcmp(way, "barrier") == 0) {
        pthread_barrier_init(&barrier, NULL, 2);
        pthread_barrier_wait(&barrier);
    } else {
        pthread_once(&once, again);
    }
    check_print("survived\n");
    return 0;
}
