/* Sections of a program's own names are loaded, protected like others of their
 * kind, and nobody else's.
 *
 * @expect ok:
 *
 * @case plain
 *
 * @case arguments
 * @cmdline the machine keeps this line somewhere
 */
#include "check.h"
#include <stdlib.h>

#define IN(name) __attribute__((section(name), used))

static volatile int written[3] IN("own_data") = {1, 2, 3};
static const int constant[3] IN("own_rodata") = {4, 5, 6};
/* In this spelling the section takes no room in the file. */
static int zeroed[3000] IN(".own_bss,\"aw\",@nobits#");
static IN("own_text") __attribute__((noinline)) int twice(int number)
{
    return 2 * number;
}
extern volatile int __start_own_data[], __stop_own_data[];
extern const int __start_own_rodata[], __stop_own_rodata[];
extern char _end[];

int main(void)
{
    CHECK_INT(__stop_own_data - __start_own_data, 3);
    CHECK_INT(__stop_own_rodata - __start_own_rodata, 3);
    CHECK((char *)(zeroed + 3000) <= _end);
    for (int i = 0; i < 3; i++) {
        written[i] = twice(constant[i]);
        CHECK_INT(__start_own_data[i], 8 + 2 * i);
    }
    for (int i = 0; i < 3000; i++)
        if (zeroed[i] != 0) {
            CHECK_INT(zeroed[i], 0);
            break;
        }
    char *heap = malloc(100000);
    memset(zeroed, 0xff, sizeof zeroed);
    memset(heap, 0, 100000);
    CHECK_INT(zeroed[2999], -1);
    free(heap);
    return check_done();
}
