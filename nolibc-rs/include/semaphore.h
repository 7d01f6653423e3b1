/* <semaphore.h>: POSIX.1-2024. */
#ifndef NOLIBC_SEMAPHORE_H
#define NOLIBC_SEMAPHORE_H

#include <features.h>
#define NOLIBC_NEED_struct_timespec
#define NOLIBC_NEED_clockid_t
#include <_nolibc/types.h>

typedef struct {
    unsigned int __value;
    unsigned int __reserved;
    unsigned long __waiters[3];
} sem_t;

#ifndef SEM_VALUE_MAX
#define SEM_VALUE_MAX 0x7fffffff
#endif
#define SEM_FAILED ((sem_t *)0)

NOLIBC_BEGIN

int sem_init(sem_t *semaphore, int shared, unsigned int value);
int sem_destroy(sem_t *semaphore);
int sem_wait(sem_t *semaphore);
int sem_trywait(sem_t *semaphore);
int sem_timedwait(sem_t *__restrict semaphore, const struct timespec *__restrict time);
int sem_clockwait(sem_t *__restrict semaphore, clockid_t clock,
                  const struct timespec *__restrict time);
int sem_post(sem_t *semaphore);
int sem_getvalue(sem_t *__restrict semaphore, int *__restrict value);
/* Refused: there is no other process to share a name with. */
sem_t *sem_open(const char *name, int flags, ...);
int sem_close(sem_t *semaphore);
int sem_unlink(const char *name);

NOLIBC_END

#endif
