/* For a backend that maps nothing. */
#include <errno.h>
#include <machine.h>

int machine_map(void *va, uint64_t pa, size_t len, unsigned prot)
{
    (void)va;
    (void)pa;
    (void)len;
    (void)prot;
    return -ENOSYS;
}
