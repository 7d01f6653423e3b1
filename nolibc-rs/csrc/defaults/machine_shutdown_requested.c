/* For a backend whose host asks for nothing. */
#include <machine.h>

int machine_shutdown_requested(void)
{
    return 0;
}
