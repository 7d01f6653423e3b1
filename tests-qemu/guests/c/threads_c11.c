/* threads.h of C11.
 *
 * @expect ok:
 */
#include "check.h"
#include <stdatomic.h>
#include <threads.h>
#include <time.h>

static mtx_t mutex;
static cnd_t condition;
static tss_t key;
static once_flag flag = ONCE_FLAG_INIT;
static thread_local int own;
static int turn, calls;
static atomic_int destroyed;

static void count(void)
{
    calls++;
}

static void destroy(void *value)
{
    destroyed += *(int *)value;
}

static int play(void *argument)
{
    int me = *(int *)argument;

    call_once(&flag, count);
    own = me;
    CHECK_INT(tss_set(key, argument), thrd_success);
    CHECK_INT(mtx_lock(&mutex), thrd_success);
    for (int i = 0; i < 100; i++) {
        while (turn != me)
            CHECK_INT(cnd_wait(&condition, &mutex), thrd_success);
        turn = 3 - me;
        CHECK_INT(cnd_broadcast(&condition), thrd_success);
        thrd_yield();
    }
    CHECK_INT(mtx_unlock(&mutex), thrd_success);
    CHECK_INT(own, me);
    CHECK(tss_get(key) == argument);
    if (me == 1)
        thrd_exit(-5);
    return 7;
}

static int leave_at_once(void *argument)
{
    return argument != NULL;
}

int main(void)
{
    struct timespec past = {0, 0}, ms = {0, 1000000};
    thrd_t threads[2];
    int numbers[2] = {1, 2}, result = 0;

    CHECK_INT(mtx_init(&mutex, mtx_plain | mtx_timed), thrd_success);
    CHECK_INT(cnd_init(&condition), thrd_success);
    CHECK_INT(tss_create(&key, destroy), thrd_success);
    turn = 1;
    for (int i = 0; i < 2; i++)
        CHECK_INT(thrd_create(&threads[i], play, &numbers[i]), thrd_success);
    CHECK_INT(thrd_join(threads[0], &result), thrd_success);
    CHECK_INT(result, -5);
    CHECK_INT(thrd_join(threads[1], &result), thrd_success);
    CHECK_INT(result, 7);
    CHECK_INT(thrd_join(threads[1], NULL), thrd_error);
    CHECK_INT(destroyed, 3);
    CHECK_INT(calls, 1);
    CHECK(thrd_equal(thrd_current(), thrd_current()));

    CHECK_INT(mtx_lock(&mutex), thrd_success);
    CHECK_INT(mtx_trylock(&mutex), thrd_busy);
    CHECK_INT(mtx_timedlock(&mutex, &past), thrd_timedout);
    CHECK_INT(cnd_timedwait(&condition, &mutex, &past), thrd_timedout);
    CHECK_INT(cnd_signal(&condition), thrd_success);
    CHECK_INT(mtx_unlock(&mutex), thrd_success);
    CHECK_INT(mtx_unlock(&mutex), thrd_error);
    mtx_destroy(&mutex);
    CHECK_INT(mtx_init(&mutex, mtx_plain | mtx_recursive), thrd_success);
    CHECK_INT(mtx_lock(&mutex), thrd_success);
    CHECK_INT(mtx_lock(&mutex), thrd_success);
    CHECK_INT(mtx_init(&mutex, 99), thrd_error);
    cnd_destroy(&condition);
    tss_delete(key);
    CHECK(tss_get(key) == NULL);
    CHECK_INT(thrd_sleep(&ms, NULL), 0);
    ms.tv_nsec = -1;
    CHECK(thrd_sleep(&ms, NULL) < -1);
    CHECK_INT(thrd_create(&threads[0], leave_at_once, NULL), thrd_success);
    CHECK_INT(thrd_detach(threads[0]), thrd_success);
    return check_done();
}
