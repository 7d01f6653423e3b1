/* Frames of RAM can be mapped in the window, with each permission; what is not
 * allowed faults with kind, code and address, and what is taken away is gone at
 * once. The same for permissions of RAM at its own address.
 *
 * @machines hvt virtio virtio-smp xen
 * @models
 * @expect ok:
 */
#include "pages.h"

#define R MACHINE_READ
#define W MACHINE_WRITE
#define X MACHINE_EXECUTE

static void scattered(void)
{
    enum { COUNT = 8 };
    char *pages[COUNT];
    uintptr_t first = frames(2 * COUNT);

    /* Every other frame, backwards. */
    for (int i = 0; i < COUNT; i++) {
        pages[i] = (char *)first + (2 * COUNT - 1 - 2 * i) * PAGE;
        memset(pages[i], 'a' + i, PAGE);
        CHECK_INT(WITH_TABLES(machine_map(window + i * PAGE, (uintptr_t)pages[i], PAGE, R | W)),
                  0);
    }
    for (int i = 0; i < COUNT; i++) {
        CHECK_INT(window[i * PAGE], 'a' + i);
        CHECK_INT(window[i * PAGE + PAGE - 1], 'a' + i);
        window[i * PAGE + 5] = 'A' + i;
        LOOKUP(window + i * PAGE, SIZE_MAX, (uintptr_t)pages[i], PAGE, R | W);
    }
    for (int i = 0; i < COUNT; i++)
        CHECK_INT(pages[i][5], 'A' + i);
    NO_WRITE(window + COUNT * PAGE, ABSENT);
    NO_READ(window - 1, ABSENT);

    /* The same frame twice. */
    char *twice = window + COUNT * PAGE;
    CHECK_INT(machine_map(twice, (uintptr_t)pages[3], PAGE, R), 0);
    window[3 * PAGE + 7] = '!';
    CHECK_INT(twice[7], '!');
    NO_WRITE(twice, FORBIDS);

    /* A hole in the middle, just after its page was used. */
    CHECK_INT(window[4 * PAGE], 'e');
    CHECK_INT(machine_unmap(window + 4 * PAGE, PAGE), 0);
    NO_READ(window + 4 * PAGE, ABSENT);
    NO_WRITE(window + 4 * PAGE + 123, ABSENT);
    NO_EXECUTION(window + 4 * PAGE + 123, ABSENT);
    CHECK_INT(window[5 * PAGE], 'f');
    CHECK_INT(pages[4][0], 'e');
    LOOKUP(window + 4 * PAGE, SIZE_MAX, NOTHING, PAGE, 0);
    /* Another frame in its place. */
    CHECK_INT(machine_map(window + 4 * PAGE, (uintptr_t)pages[6], PAGE, R | W), 0);
    CHECK_INT(window[4 * PAGE], 'g');
    /* All of it, with the hole that is there already. */
    CHECK_INT(machine_unmap(window + 2 * PAGE, PAGE), 0);
    CHECK_INT(machine_unmap(window, 2 * COUNT * PAGE), 0);
    for (int i = 0; i <= COUNT; i++)
        NO_READ(window + i * PAGE, ABSENT);
    LOOKUP(window, 5 * GIB, NOTHING, 5 * GIB, 0);
}

static void each_permission(char *page, char *frame)
{
    static const unsigned char code[] = {0xb8, 0x2a, 0, 0, 0, 0xc3}; /* return 42 */
    int no_execute = has_no_execute();

    memcpy(frame, code, sizeof code);

    CHECK_INT(machine_protect(page, PAGE, 0), 0);
    LOOKUP(page, PAGE, (uintptr_t)frame, PAGE, 0);
    NO_READ(page, ABSENT);
    NO_WRITE(page + 4095, ABSENT);
    NO_EXECUTION(page, ABSENT);

    CHECK_INT(machine_protect(page, PAGE, R), 0);
    LOOKUP(page, PAGE, (uintptr_t)frame, PAGE, R);
    CHECK_INT(touch_read(page), (char)0xb8);
    NO_WRITE(page + 5, FORBIDS);
    if (no_execute)
        NO_EXECUTION(page, FORBIDS);

    CHECK_INT(machine_protect(page, PAGE, R | W), 0);
    LOOKUP(page, PAGE, (uintptr_t)frame, PAGE, R | W);
    touch_write(page + 1, 43);
    if (no_execute)
        NO_EXECUTION(page + 5, FORBIDS);

    CHECK_INT(machine_protect(page, PAGE, R | X), 0);
    LOOKUP(page, PAGE, (uintptr_t)frame, PAGE, R | X);
    CHECK_INT(((int (*)(void))(uintptr_t)page)(), 43);
    NO_WRITE(page + 1, FORBIDS);

    CHECK_INT(machine_protect(page, PAGE, R | W | X), 0);
    LOOKUP(page, PAGE, (uintptr_t)frame, PAGE, R | W | X);
    touch_write(page + 1, 44);
    CHECK_INT(((int (*)(void))(uintptr_t)page)(), 44);

    /* What cannot be had alone comes with reading. */
    CHECK_INT(machine_protect(page, PAGE, W), 0);
    LOOKUP(page, PAGE, (uintptr_t)frame, PAGE, R | W);
    CHECK_INT(machine_protect(page, PAGE, X), 0);
    LOOKUP(page, PAGE, (uintptr_t)frame, PAGE, R | X);

    CHECK_INT(machine_protect(page, PAGE, 0), 0);
    NO_READ(page, ABSENT);
    CHECK_INT(machine_protect(page, PAGE, R | W), 0);
    CHECK_INT(touch_read(page + 1), 44);
}

static void permissions(void)
{
    char *frame = (char *)frames(3);

    /* In the window, between neighbours that stay as they are. */
    CHECK_INT(WITH_TABLES(machine_map(window, (uintptr_t)frame, 3 * PAGE, R | W)), 0);
    each_permission(window + PAGE, frame + PAGE);
    window[0] = window[2 * PAGE] = 1;
    CHECK_INT(machine_unmap(window, 3 * PAGE), 0);

    /* Mapped without any permission. */
    CHECK_INT(WITH_TABLES(machine_map(window, (uintptr_t)frame, PAGE, 0)), 0);
    NO_READ(window, ABSENT);
    LOOKUP(window, PAGE, (uintptr_t)frame, PAGE, 0);
    CHECK_INT(machine_map(window, (uintptr_t)frame, PAGE, R), -EEXIST);
    CHECK_INT(machine_protect(window, PAGE, R), 0);
    CHECK_INT(touch_read(window), 1);
    CHECK_INT(machine_unmap(window, PAGE), 0);

    /* RAM at its own address. */
    CHECK_INT(WITH_TABLES(machine_protect(frame + PAGE, PAGE, R)), 0);
    NO_WRITE(frame + PAGE, FORBIDS);
    CHECK_INT(machine_protect(frame + PAGE, PAGE, R | W), 0);
    each_permission(frame + PAGE, frame + PAGE);
    frame[0] = frame[2 * PAGE] = 1;
}

/* Pages that were handed over can be read, and neither written nor used
 * otherwise. */
static void tables(void)
{
    /* From 2 MiB of their own: the first page serves those. */
    uintptr_t given = aligned_frames(512) + 100 * PAGE;
    char *first = (char *)given;

    memset(first - PAGE, 0x5a, 6 * PAGE);
    CHECK_INT(machine_tables(given, 2 * PAGE), 0);
    CHECK_INT(machine_tables(given + 2 * PAGE, 2 * PAGE), 0);
    for (int i = 0; i < 4; i++) {
        NO_WRITE(first + i * PAGE, FORBIDS);
        NO_WRITE(first + i * PAGE + 4095, FORBIDS);
        touch_read(first + i * PAGE);
        LOOKUP(first + i * PAGE, PAGE, given + i * PAGE, PAGE, R);
        CHECK_INT(machine_tables(given + i * PAGE, PAGE), -EINVAL);
        CHECK_INT(machine_protect(first + i * PAGE, PAGE, R | W), -EINVAL);
        CHECK_INT(machine_map(window, given + i * PAGE, PAGE, R | W), -EINVAL);
    }
    CHECK_INT(machine_protect(first - PAGE, 6 * PAGE, R), -EINVAL);
    CHECK_INT(machine_map(window, given - PAGE, 2 * PAGE, R), -EINVAL);
    CHECK_INT(machine_map(window, given + 3 * PAGE, 2 * PAGE, R), -EINVAL);
    /* The neighbours are as they were. */
    CHECK_INT(first[-1], 0x5a);
    CHECK_INT(first[4 * PAGE], 0x5a);
    first[-1] = first[4 * PAGE] = 1;
    LOOKUP(given - 100 * PAGE, 100 * PAGE, given - 100 * PAGE, 100 * PAGE, R | W);
    LOOKUP(given + 4 * PAGE, 408 * PAGE, given + 4 * PAGE, 408 * PAGE, R | W);

    /* The tables that the machine itself made lie before the heap. */
    char *last = (char *)heap - PAGE;
    touch_read(last);
    NO_WRITE(last, FORBIDS);
    NO_WRITE(last + 4095, FORBIDS);
    LOOKUP(last, PAGE, (uintptr_t)last, PAGE, R);
    CHECK_INT(machine_protect(last, PAGE, R | W), -EINVAL);
    CHECK_INT(machine_map(window, (uintptr_t)last, PAGE, R | W), -EINVAL);
    CHECK_INT(machine_map(window, (uintptr_t)last, 2 * PAGE, R | W), -EINVAL);
}

/* enter_gate(to): ask for one zero at `to`, with gate_word in r8. */
void enter_gate(uint64_t);
uint64_t gate_address, gate_word;
__asm__("    .text\n"
        "enter_gate:\n"
        "    lea enter_gate_zero(%rip), %rsi\n"
        "    mov $1, %ecx\n"
        "    xor %edx, %edx\n"
        "    mov gate_word(%rip), %r8\n"
        "    jmp *gate_address(%rip)\n"
        "    .section .rodata\n"
        "enter_gate_zero: .quad 0\n"
        "    .text\n");

static __attribute__((noinline)) void no_gate(uint64_t to)
{
    awaited = 1;
    if (setjmp(again) == 0) {
        enter_gate(to);
        awaited = 0;
        CHECK(!"the gate was open");
    } else {
        CHECK_INT(seen.kind, MACHINE_FAULT_INSTRUCTION);
        CHECK_INT(seen.vector, 13);
        CHECK_INT(seen.code, 0);
        CHECK_INT(at.rip, gate_address);
    }
}

extern const unsigned char _stext[], _etext[];

/* The gate of the page tables is an instruction that faults elsewhere, and here
 * too for who comes without the word in r8 or wants to write below the tables. */
static void gate(void)
{
    static volatile const unsigned char instruction[] = {0x0f, 0x22, 0xd8, 0xc3}; /* mov %rax, %cr3; ret */
    const unsigned char *found = NULL;
    uint64_t word, before = *(const uint64_t *)_stext;
    int count = 0;

    for (const unsigned char *p = _stext; p + 4 <= _etext; p++) {
        if (p[0] == instruction[0] && p[1] == instruction[1] && p[2] == instruction[2] &&
            p[3] == instruction[3]) {
            found = p;
            count++;
        }
    }
    if (!CHECK_INT(count, 1))
        return;
    /* movabs $word, %r8; xchg %rdx, %rcx; cld */
    CHECK(found[-14] == 0x49 && found[-13] == 0xb8);
    memcpy(&word, found - 12, 8);

    gate_address = (uintptr_t)found;
    static uint64_t target;
    uint64_t wanted[][2] = {
        {(uintptr_t)&target, 0},
        {(uintptr_t)&target, word ^ 1},
        {(uintptr_t)_stext, word},
        {0x100000, word},
    };
    for (int i = 0; i < 4; i++) {
        gate_word = wanted[i][1];
        no_gate(wanted[i][0]);
    }
    CHECK_INT(*(const uint64_t *)_stext, before);
    CHECK_INT(target, 0);
}

static void test(void)
{
    scattered();
    permissions();
    tables();
    gate();
}

PAGES_MAIN
