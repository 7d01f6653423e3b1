/* A network whose device tells a large MTU: frames of that size come and go whole,
 * longer ones are refused, and so are buffers that are too short for one.
 *
 * @machines virtio xen-domain
 * @models
 * @net jumbo
 * @mtu 9000
 * @peer echo
 * @timeout 30
 * @expect asked to end
 * @expect ok:
 */
#define DEVICES 1
#include "manifest.h"
MANIFEST(NET("jumbo"))

#define NET_MTU 9000
#include "check.h"
#include "net.h"

static struct interface interface = {.address = {10, 0, 0, 2}};

int main(void)
{
    static unsigned char frame[NET_MTU + 15];
    size_t len = 77;
    int end = 0;

    CHECK_INT(solo5_net_acquire("jumbo", &interface.handle, &interface.info), SOLO5_R_OK);
    CHECK_INT(interface.info.mtu, NET_MTU);
    CHECK_INT(solo5_net_write(interface.handle, frame, sizeof frame), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_read(interface.handle, frame, NET_MTU + 13, &len), SOLO5_R_EINVAL);
    CHECK_INT(len, 77);
    while (!end) {
        solo5_handle_set_t ready = 0;

        solo5_yield(solo5_clock_monotonic() + 1000000000, &ready);
        if (ready != 0)
            end = net_serve(&interface);
    }
    check_print("asked to end\n");
    CHECK_INT(interface.errors, 0);
    CHECK(interface.answers > 6000);
    return check_done();
}
