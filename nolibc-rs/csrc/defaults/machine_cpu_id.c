/* For a backend with one CPU. */
#include <machine.h>

unsigned machine_cpu_id(void)
{
    return 0;
}
