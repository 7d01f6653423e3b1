/* For a backend without console input. */
#include <errno.h>
#include <machine.h>

long machine_console_read(void *buf, size_t len)
{
    (void)buf;
    (void)len;
    return -ENOSYS;
}
