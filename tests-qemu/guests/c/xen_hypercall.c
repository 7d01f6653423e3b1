/* Calls of Xen from C, as mirage-xen makes them: by the page of hypercalls; a
 * number that Xen does not know is refused by Xen.
 *
 * @machines xen xen-domain
 * @expect ns a call
 * @expect ok:
 */
#include "check.h"
#include <solo5.h>
#include <stdio.h>

extern const unsigned char solo5__xen_HYPERCALL_PAGE[];

#define SCHED_OP    29
#define XEN_VERSION 17
#define CALLS       2000

static long call(unsigned number, long first, long second)
{
    long answer;
    register long fourth __asm__("r10") = 0;
    register long fifth __asm__("r8") = 0;
    long third = 0;

    __asm__ volatile("call *%[entry]"
                     : "=a"(answer), "+D"(first), "+S"(second), "+d"(third), "+r"(fourth), "+r"(fifth)
                     : [entry] "r"(solo5__xen_HYPERCALL_PAGE + number * 32)
                     : "memory");
    return answer;
}

int main(void)
{
    long version = call(XEN_VERSION, 0, 0);
    int same = 1;
    solo5_time_t start, end;

    CHECK(version >> 16 >= 4);
    CHECK_INT(call(63, 0, 0), -38);
    CHECK_INT(call(XEN_VERSION, 12345, 0), -38);
    start = solo5_clock_monotonic();
    for (int i = 0; i < CALLS; i++)
        same &= call(XEN_VERSION, 0, 0) == version;
    end = solo5_clock_monotonic();
    CHECK(same);
    /* Let others run: nothing to see but that it comes back. */
    CHECK_INT(call(SCHED_OP, 0, 0), 0);
    printf("%lu ns a call\n", (unsigned long)((end - start) / CALLS));
    return check_done();
}
