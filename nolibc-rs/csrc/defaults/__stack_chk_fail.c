/* What a function calls that finds its canary changed. */
#include <machine.h>
#include <solo5.h>

void __stack_chk_fail(void) __attribute__((noreturn));

void __stack_chk_fail(void)
{
    static const char message[] = "nolibc: stack corruption detected\n";
    machine_console_panic(message, sizeof message - 1);
    solo5_abort();
}
