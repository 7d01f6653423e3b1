/* For a backend that wants no page tables. */
#include <errno.h>
#include <machine.h>

int machine_tables(uint64_t pa, size_t len)
{
    (void)pa;
    (void)len;
    return -ENOSYS;
}
