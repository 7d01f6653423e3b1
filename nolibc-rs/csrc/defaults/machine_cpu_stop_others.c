/* For a backend with one CPU. */
#include <machine.h>

void machine_cpu_stop_others(void)
{
}
