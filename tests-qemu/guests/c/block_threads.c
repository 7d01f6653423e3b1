/* Threads that use one block device at once, and one of them another one: each
 * has its own blocks, and finds in them what it wrote, while others compute and
 * are preempted where the machine does that.
 *
 * @models
 * @block disk 1048576
 * @block other 65536
 * @timeout 40
 * @expect ok:
 */
#define DEVICES 2
#include "manifest.h"
MANIFEST(BLOCK("disk"), BLOCK("other"))

#include "check.h"
#include <pthread.h>
#include <solo5.h>

#define SIZE    512
#define THREADS 6
#define ROUNDS  60

static solo5_handle_t disk, other;
static volatile int over;

static void *use(void *argument)
{
    uintptr_t number = (uintptr_t)argument;
    solo5_handle_t handle = number == 0 ? other : disk;
    uintptr_t wrong = 0;

    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t at = (number + round % 16 * THREADS) * SIZE;
        unsigned char block[SIZE];

        for (unsigned i = 0; i < SIZE; i++)
            block[i] = (unsigned char)(number * 37 + round * 5 + i);
        wrong += solo5_block_write(handle, at, block, SIZE) != SOLO5_R_OK;
        memset(block, 0, SIZE);
        wrong += solo5_block_read(handle, at, block, SIZE) != SOLO5_R_OK;
        for (unsigned i = 0; i < SIZE; i++)
            wrong += block[i] != (unsigned char)(number * 37 + round * 5 + i);
        /* Refused without harm to the others. */
        wrong += solo5_block_read(handle, at + 1, block, SIZE) != SOLO5_R_EINVAL;
    }
    return (void *)wrong;
}

static void *compute(void *argument)
{
    uintptr_t rounds = 0;

    (void)argument;
    while (!over) {
        rounds++;
        pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
        /* A switching point, where nothing preempts. */
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
    }
    return (void *)rounds;
}

int main(void)
{
    struct solo5_block_info info;
    pthread_t threads[THREADS], computing;
    void *result;

    CHECK_INT(solo5_block_acquire("disk", &disk, &info), SOLO5_R_OK);
    CHECK_INT(solo5_block_acquire("other", &other, &info), SOLO5_R_OK);
    CHECK_INT(pthread_create(&computing, NULL, compute, NULL), 0);
    for (uintptr_t i = 0; i < THREADS; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, use, (void *)i), 0);
    for (int i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_join(threads[i], &result), 0);
        CHECK_INT((uintptr_t)result, 0);
    }
    over = 1;
    CHECK_INT(pthread_join(computing, &result), 0);
    CHECK((uintptr_t)result > 0);
    return check_done();
}
