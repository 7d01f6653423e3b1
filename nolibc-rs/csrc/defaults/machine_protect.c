/* For a backend whose pages keep their permissions. */
#include <errno.h>
#include <machine.h>

int machine_protect(void *va, size_t len, unsigned prot)
{
    (void)va;
    (void)len;
    (void)prot;
    return -ENOSYS;
}
