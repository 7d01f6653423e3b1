/* For a backend that maps nothing. */
#include <errno.h>
#include <machine.h>

int machine_lookup(const void *va, size_t max, uint64_t *pa, size_t *len, unsigned *prot)
{
    (void)va;
    (void)max;
    (void)pa;
    (void)len;
    (void)prot;
    return -ENOSYS;
}
