/* For a backend without a source of randomness. */
#include <errno.h>
#include <machine.h>

long machine_entropy(void *buf, size_t len)
{
    (void)buf;
    (void)len;
    return -ENOSYS;
}
