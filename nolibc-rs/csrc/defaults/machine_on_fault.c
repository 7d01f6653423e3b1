/* For a backend that faults do not reach. */
#include <errno.h>
#include <machine.h>

int machine_on_fault(machine_fault_handler *handler)
{
    (void)handler;
    return -ENOSYS;
}
