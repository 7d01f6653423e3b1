/* The calls of solo5.h, as MirageOS's libraries make them and with arguments
 * that must be refused.
 *
 * @expect written through the seam
 * @expect ok:
 *
 * @case quiet
 *
 * @case typed
 * @stdin nobody reads this
 */
#include "check.h"
#include <solo5.h>
#include <stdint.h>

static uintptr_t thread_pointer(void)
{
    uintptr_t pointer;

    __asm__("mov %%fs:0, %0" : "=r"(pointer));
    return pointer;
}

static void clocks(void)
{
    solo5_time_t before = solo5_clock_monotonic();
    solo5_handle_set_t ready = ~(solo5_handle_set_t)0;

    /* 2024, in nanoseconds: a host whose clock is not set is no host. */
    CHECK(solo5_clock_wall() > UINT64_C(1704067200000000000));
    for (int i = 0; i < 20000; i++) {
        solo5_time_t now = solo5_clock_monotonic();

        if (now < before) {
            CHECK(!"the clock went back");
            break;
        }
        before = now;
    }
    /* Never early, not even for input that nobody has asked for: shorter and
     * longer than what the timers can do. */
    static const solo5_time_t pauses[] = {200000000, 20000000, 1000000, 21000, 19000, 1000, 1};
    for (size_t i = 0; i < sizeof pauses / sizeof pauses[0]; i++) {
        before = solo5_clock_monotonic();
        ready = ~(solo5_handle_set_t)0;
        solo5_yield(before + pauses[i], &ready);
        CHECK(solo5_clock_monotonic() >= before + pauses[i]);
        CHECK_INT(ready, 0);
    }
    solo5_yield(0, NULL);
    solo5_yield(before, NULL);
}

static void devices(void)
{
    /* Longer than any name in a manifest. */
    static const char long_name[] =
        "a-name-of-more-than-sixty-seven-characters-cannot-be-in-any-manifest";
    struct solo5_net_info net;
    struct solo5_block_info block;
    solo5_handle_t handle;
    uint8_t buffer[512];
    size_t size;

    CHECK_INT(solo5_net_acquire(NULL, &handle, &net), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_acquire("net", NULL, &net), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_acquire("net", &handle, NULL), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_acquire(long_name, &handle, &net), SOLO5_R_EINVAL);
    CHECK(solo5_net_acquire("net", &handle, &net) >= SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_write(0, NULL, 60), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_write(0, buffer, 60), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_write(~(solo5_handle_t)0, buffer, SIZE_MAX), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_read(0, NULL, 60, &size), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_read(0, buffer, sizeof buffer, NULL), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_read(64, buffer, sizeof buffer, &size), SOLO5_R_EINVAL);

    CHECK_INT(solo5_block_acquire(NULL, &handle, &block), SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_acquire("disk", NULL, &block), SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_acquire("disk", &handle, NULL), SOLO5_R_EINVAL);
    CHECK(solo5_block_acquire("disk", &handle, &block) >= SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_write(0, 0, NULL, 512), SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_write(0, 0, buffer, 512), SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_read(0, 0, NULL, 512), SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_read(0, 0, buffer, 512), SOLO5_R_EINVAL);
}

static void thread_local_storage(void)
{
    static char block[16384];

    CHECK(solo5_tls_size() >= sizeof(void *));
    CHECK(solo5_tls_size() <= sizeof block);
    CHECK_INT(solo5_tls_init(0), SOLO5_R_EINVAL);
    CHECK_INT(solo5_tls_init((uintptr_t)block), SOLO5_R_OK);
    uintptr_t pointer = solo5_tls_tp_offset((uintptr_t)block);
    CHECK(pointer >= (uintptr_t)block);
    CHECK(pointer + sizeof(void *) <= (uintptr_t)block + solo5_tls_size());
    CHECK_INT(*(uintptr_t *)pointer, pointer);
    CHECK_INT(solo5_set_tls_base(thread_pointer()), SOLO5_R_OK);
    /* Not an address at all. */
    CHECK_INT(solo5_set_tls_base((uintptr_t)1 << 63), SOLO5_R_EINVAL);
}

int main(void)
{
    static const char text[] = "written through the seam\n";

    solo5_console_write(text, sizeof text - 1);
    solo5_console_write(NULL, 7);
    solo5_console_write(text, 0);
    clocks();
    devices();
    thread_local_storage();
    solo5_exit(check_done());
}
