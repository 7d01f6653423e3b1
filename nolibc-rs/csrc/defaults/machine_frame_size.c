/* For a backend that does not tick. */
#include <machine.h>

size_t machine_frame_size(void)
{
    return 0;
}
