/* Two networks: found by name, waited for in solo5_yield, which says which one
 * has something; frames are sent and received whole, and wrong sizes refused.
 *
 * @net service1
 * @net service0
 * @peer echo
 * @timeout 30
 * @models
 * @expect asked to end
 * @expect ok:
 */
#define DEVICES 2
#include "manifest.h"
MANIFEST(NET("service1"), NET("service0"))

#include "check.h"
#include "net.h"

static struct interface interfaces[2] = {{.address = {10, 0, 0, 2}}, {.address = {10, 1, 0, 2}}};

static void refused(const struct interface *on)
{
    static unsigned char frame[2000];
    size_t len = 77;

    CHECK_INT(solo5_net_write(on->handle, frame, 0), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_write(on->handle, frame, 13), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_write(on->handle, frame, 1515), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_write(on->handle, frame, SIZE_MAX), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_write(on->handle, NULL, 60), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_write(on->handle + 2, frame, 60), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_read(on->handle, frame, 1513, &len), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_read(on->handle, NULL, 1514, &len), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_read(on->handle, frame, 1514, NULL), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_read(on->handle + 2, frame, 1514, &len), SOLO5_R_EINVAL);
    CHECK_INT(len, 77);
}

int main(void)
{
    static const char *const names[] = {"service1", "service0"};
    unsigned long rounds = 0, idle = 0;
    int end = 0;

    for (int i = 0; i < 2; i++) {
        struct interface *on = &interfaces[i];
        struct solo5_block_info block;
        unsigned char frame[1514];
        size_t len;

        CHECK_INT(solo5_net_read((solo5_handle_t)i + 1, frame, sizeof frame, &len),
                  SOLO5_R_EINVAL);
        CHECK_INT(solo5_net_acquire(names[i], &on->handle, &on->info), SOLO5_R_OK);
        CHECK_INT(on->handle, i + 1);
        CHECK_INT(on->info.mtu, 1500);
        /* An address of one station. */
        CHECK_INT(on->info.mac_address[0] & 1, 0);
        CHECK_INT(solo5_net_acquire(names[i], &on->handle, &on->info), SOLO5_R_EINVAL);
        CHECK_INT(solo5_block_acquire(names[i], &on->handle, &block), SOLO5_R_EINVAL);
        CHECK_INT(solo5_net_acquire("service", &on->handle, &on->info), SOLO5_R_EINVAL);
        refused(on);
    }
    CHECK(memcmp(interfaces[0].info.mac_address, interfaces[1].info.mac_address, 6) != 0);
    while (!end) {
        solo5_handle_set_t ready = ~UINT64_C(0);

        solo5_yield(solo5_clock_monotonic() + UINT64_C(5000000000), &ready);
        rounds++;
        if (ready == 0 && ++idle > 3)
            break;
        if ((ready & ~UINT64_C(6)) != 0) {
            CHECK(!"a device that there is not is ready");
            break;
        }
        for (int i = 0; i < 2; i++)
            if (ready >> (i + 1) & 1)
                end |= net_serve(&interfaces[i]);
    }
    CHECK(end);
    if (end)
        check_print("asked to end\n");
    for (int i = 0; i < 2; i++) {
        CHECK(interfaces[i].answers >= 6500);
        CHECK_INT(interfaces[i].errors, 0);
    }
    /* It has slept in between. */
    CHECK(rounds < 2 * (interfaces[0].answers + interfaces[1].answers));
    return check_done();
}
