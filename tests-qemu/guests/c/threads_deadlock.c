/* Threads that wait for each other are all named before the machine ends.
 *
 * @status 255
 * @expect begin
 * @expect deadlock: all threads wait, 3 of them
 * @expect thread main (1) waits for another thread's end (pthread_join)
 * @expect thread left (2) waits for a mutex
 * @expect thread right (3) waits for a mutex
 * @reject survived
 */
#include "check.h"
#include <pthread.h>

static pthread_mutex_t mutexes[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_barrier_t both;

static void *cross(void *argument)
{
    int first = argument != NULL;

    pthread_setname_np(pthread_self(), first ? "left" : "right");
    pthread_mutex_lock(&mutexes[first]);
    pthread_barrier_wait(&both);
    pthread_mutex_lock(&mutexes[!first]);
    check_print("survived\n");
    return argument;
}

int main(void)
{
    pthread_t left, right;

    check_print("begin\n");
    pthread_barrier_init(&both, NULL, 2);
    pthread_create(&left, NULL, cross, mutexes);
    pthread_create(&right, NULL, cross, NULL);
    pthread_join(left, NULL);
    return 0;
}
