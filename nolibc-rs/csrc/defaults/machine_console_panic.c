/* For a backend whose console works in any context. */
#include <machine.h>
#include <solo5.h>

void machine_console_panic(const char *buf, size_t len)
{
    solo5_console_write(buf, len);
}
