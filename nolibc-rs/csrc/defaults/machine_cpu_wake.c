/* For a backend with one CPU, which runs. */
#include <machine.h>

void machine_cpu_wake(unsigned cpu)
{
    (void)cpu;
}
