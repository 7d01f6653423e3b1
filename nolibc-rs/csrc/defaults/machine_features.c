/* For a backend that has nothing beyond solo5.h. */
#include <machine.h>

uint64_t machine_features(void)
{
    return MACHINE_VERSION;
}
