/* For a backend with one CPU. */
#include <errno.h>
#include <machine.h>

int machine_cpu_start(unsigned cpu, machine_cpu_main *function, const void *argument,
                      void *stack_top, uintptr_t tls)
{
    (void)cpu;
    (void)function;
    (void)argument;
    (void)stack_top;
    (void)tls;
    return -ENOSYS;
}
