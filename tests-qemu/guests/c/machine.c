/* The calls of machine.h: each works where its feature bit says so, and else
 * fails with ENOSYS.
 *
 * @models
 * @expect from any context
 * @expect ok:
 */
#include "check.h"
#include <machine.h>
#include <solo5.h>
#include <stdint.h>

static void memory(uint64_t features)
{
    struct machine_range ranges[16] = {{0, 0}};
    size_t count = machine_memory(NULL, 0);

    CHECK_INT(machine_memory(ranges, 16), count);
    CHECK_INT(machine_memory(ranges, 1), count);
    CHECK_INT(machine_memory(NULL, 16), count);
    CHECK((features & MACHINE_MEMORY) || count == 0);
    for (size_t i = 0; i < count && i < 16; i++) {
        CHECK_INT(ranges[i].start % 4096, 0);
        CHECK_INT(ranges[i].len % 4096, 0);
        CHECK(ranges[i].len > 0);
        /* Not the image. */
        uint64_t here = (uintptr_t)memory;
        CHECK(here < ranges[i].start || here >= ranges[i].start + ranges[i].len);
    }
}

static void entropy(uint64_t features)
{
    unsigned char bytes[64] = {0};
    long count = machine_entropy(bytes, sizeof bytes);

    if (features & MACHINE_ENTROPY) {
        CHECK(count > 0 && count <= (long)sizeof bytes);
        CHECK(machine_entropy(NULL, 8) < 0);
    } else {
        CHECK_INT(count, -ENOSYS);
    }
}

/* The host asks for nothing here; xen_shutdown is where it does. */
static void shutdown_request(void)
{
    solo5_handle_set_t ready = 0;

    CHECK_INT(machine_shutdown_requested(), 0);
    solo5_yield(solo5_clock_monotonic() + 1000000, &ready);
    CHECK_INT(machine_shutdown_requested(), 0);
}

static void input(uint64_t features)
{
    char bytes[16];
    long count = machine_console_read(bytes, sizeof bytes);

    if (features & MACHINE_INPUT) {
        /* Nothing is typed. */
        CHECK(count == -EAGAIN || count == 0);
        CHECK(machine_console_read(NULL, 8) < 0);
    } else {
        CHECK_INT(count, -ENOSYS);
    }
}

/* What the functions do is for the guest "pages". */
static void pages(uint64_t features)
{
    void *va = NULL;
    size_t len = 0;
    uint64_t pa = 0;
    unsigned prot = 0;
    int none = features & MACHINE_PAGES ? -EINVAL : -ENOSYS;

    CHECK_INT(machine_window(&va, &len), features & MACHINE_PAGES ? 0 : -ENOSYS);
    CHECK((features & MACHINE_PAGES) ? len > 0 : len == 0);
    CHECK_INT(machine_map(va, 0, 0, 0), none);
    CHECK_INT(machine_unmap(va, 0), none);
    CHECK_INT(machine_protect(va, 0, 0), none);
    CHECK_INT(machine_tables(0, 0), none);
    CHECK_INT(machine_lookup(va, 0, &pa, &len, &prot), none);
}

extern char after_fault[];
static struct machine_fault seen;

static int on_fault(struct machine_fault *fault, struct machine_frame *frame)
{
    seen = *fault;
    frame->rip = (uintptr_t)after_fault;
    frame->rax = 77;
    return 1;
}

static void faults(uint64_t features)
{
    uint64_t answer = 8;

    if (!(features & MACHINE_FAULT)) {
        CHECK_INT(machine_on_fault(on_fault), -ENOSYS);
        return;
    }
    CHECK_INT(machine_on_fault(on_fault), 0);
    __asm__ volatile("mov (%%rax), %%rax\n"
                     ".globl after_fault\n"
                     "after_fault:"
                     : "+a"(answer)
                     :
                     : "memory");
    CHECK_INT(answer, 77);
    CHECK_INT(seen.kind, MACHINE_FAULT_READ);
    CHECK_INT(seen.addr, 8);
    CHECK_INT(machine_on_fault(NULL), 0);
}

static struct machine_frame *on_tick(struct machine_frame *frame)
{
    return frame;
}

/* What ticks do is for the guest "threads_tick"; nothing was interrupted that could be resumed. */
static void ticks(uint64_t features)
{
    void (*resume)(struct machine_frame *) = machine_resume;

    CHECK(resume != NULL);
    if (!(features & MACHINE_TICK)) {
        CHECK_INT(machine_frame_size(), 0);
        CHECK_INT(machine_tick(1000000, on_tick), -ENOSYS);
        return;
    }
    CHECK(machine_frame_size() >= sizeof(struct machine_frame) + 512);
    CHECK_INT(machine_tick(1000000, NULL), -EINVAL);
    CHECK_INT(machine_tick(0, NULL), 0);
}

static int cpu_ran;

static void on_cpu(const void *argument)
{
    (void)argument;
    __atomic_store_n(&cpu_ran, 1, __ATOMIC_RELEASE);
    for (;;)
        ;
}

static void cpus(uint64_t features)
{
    unsigned count = machine_cpu_count();

    CHECK(count >= 1 && count <= 64);
    CHECK_INT(machine_cpu_id(), 0);
    if (!(features & MACHINE_SMP)) {
        CHECK_INT(count, 1);
        CHECK_INT(machine_cpu_start(1, on_cpu, NULL, NULL, 0), -ENOSYS);
        machine_cpu_wake(0);
        return;
    }
    CHECK_INT(machine_cpu_start(0, on_cpu, NULL, NULL, 0), -EINVAL);
    CHECK_INT(machine_cpu_start(count, on_cpu, NULL, NULL, 0), -EINVAL);
    CHECK_INT(machine_cpu_start(1, NULL, NULL, NULL, 0), -EINVAL);
    /* Nothing ticks, so nothing could stop it. */
    CHECK_INT(machine_cpu_start(1, on_cpu, NULL, NULL, 0), -EINVAL);
    CHECK_INT(cpu_ran, 0);
    /* Not lost, and once only. */
    solo5_time_t start = solo5_clock_monotonic();
    machine_cpu_wake(99);
    machine_cpu_wake(0);
    machine_cpu_wake(0);
    solo5_yield(start + 5000000000, NULL);
    CHECK(solo5_clock_monotonic() < start + 4000000000);
    start = solo5_clock_monotonic();
    solo5_yield(start + 20000000, NULL);
    CHECK(solo5_clock_monotonic() >= start + 20000000);
}

int main(void)
{
    static const char text[] = "from any context\n";
    uint64_t features = machine_features();

    CHECK_INT(features & 0xffff, MACHINE_VERSION);
    machine_console_panic(text, sizeof text - 1);
    machine_console_panic(text, 0);
    machine_console_panic(NULL, 5);
    memory(features);
    entropy(features);
    input(features);
    shutdown_request();
    pages(features);
    ticks(features);
    faults(features);
    cpus(features);
    machine_cpu_stop_others();
    return check_done();
}
