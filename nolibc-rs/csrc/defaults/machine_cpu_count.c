/* For a backend with one CPU. */
#include <machine.h>

unsigned machine_cpu_count(void)
{
    return 1;
}
