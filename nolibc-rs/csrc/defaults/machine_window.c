/* For a backend that maps nothing. */
#include <errno.h>
#include <machine.h>

int machine_window(void **va, size_t *len)
{
    (void)va;
    (void)len;
    return -ENOSYS;
}
