/* For a backend that does not tick. */
#include <errno.h>
#include <machine.h>

int machine_tick(uint64_t period_ns, machine_tick_handler *handler)
{
    (void)period_ns;
    (void)handler;
    return -ENOSYS;
}
