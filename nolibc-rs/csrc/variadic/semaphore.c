/* The function of <semaphore.h> that takes a varying number of arguments: there is
   nobody to share a name with. */
#include <errno.h>
#include <semaphore.h>
#include <stddef.h>

sem_t *sem_open(const char *name, int flags, ...)
{
    (void)name, (void)flags;
    errno = ENOSYS;
    return SEM_FAILED;
}
