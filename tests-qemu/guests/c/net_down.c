/* A network that goes away for a while: the guest goes on, and answers again
 * when it is back.
 *
 * spt says that a frame could not be sent; hvt's tender ends the guest with a
 * message instead, and QEMU drops what cannot be sent.
 *
 * @machines spt virtio xen-domain
 * @net service0
 * @peer down
 *
 * @case told
 * @machines spt
 * @expect asked to end
 * @expect a frame was refused
 * @expect ok:
 *
 * @case dropped
 * @machines virtio xen-domain
 * @expect asked to end
 * @expect ok:
 */
#define DEVICES 1
#include "manifest.h"
MANIFEST(NET("service0"))

#include "check.h"
#include "net.h"

static struct interface interface = {.address = {10, 0, 0, 2}};

int main(void)
{
    solo5_time_t limit = solo5_clock_monotonic() + UINT64_C(60000000000);
    unsigned long refused = 0;
    int end = 0;

    CHECK_INT(solo5_net_acquire("service0", &interface.handle, &interface.info), SOLO5_R_OK);
    while (!end && solo5_clock_monotonic() < limit) {
        /* To nobody, of a protocol for experiments. */
        static unsigned char frame[60] = {2, 0, 0, 0, 0, 1, [12] = 0x88, 0xb5};
        solo5_result_t result;

        solo5_yield(solo5_clock_monotonic() + 10000000, NULL);
        end = net_serve(&interface);
        memcpy(frame + 6, interface.info.mac_address, 6);
        result = solo5_net_write(interface.handle, frame, sizeof frame);
        CHECK(result == SOLO5_R_OK || result == SOLO5_R_EUNSPEC);
        refused += result == SOLO5_R_EUNSPEC;
    }
    CHECK(end);
    if (end)
        check_print("asked to end\n");
    if (refused > 0)
        check_print("a frame was refused\n");
    return check_done();
}
