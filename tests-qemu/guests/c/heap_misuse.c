/* What no program may give back ends it with a report that names the address.
 *
 * @status 255
 * @expect begin
 * @reject survived
 * @flags -fno-builtin
 *
 * @case double-free
 * @cmdline double-free
 * @expect already free, or not a block's start at 0x
 *
 * @case double-free-of-a-run
 * @cmdline double-free-of-a-run
 * @expect already free, or not a block's start at 0x
 *
 * @case inside
 * @cmdline inside
 * @expect already free, or not a block's start at 0x
 *
 * @case foreign
 * @cmdline foreign
 * @expect pointer that malloc did not return at 0x
 *
 * @case mapped
 * @cmdline mapped
 * @expect memory that belongs to mmap at 0x
 *
 * @case realloc
 * @cmdline realloc
 * @expect pointer that malloc did not return at 0x
 */
#include "check.h"
#include <stdlib.h>
#include <sys/mman.h>

static char here[100];

int main(int argc, char **argv)
{
    const char *way = argc > 1 ? argv[1] : "";
    /* The compiler knows what free does; it must not see these. */
    void *volatile p = malloc(100);

    check_print("begin\n");
    if (strcmp(way, "double-free") == 0) {
        free(p);
        free(p);
    } else if (strcmp(way, "double-free-of-a-run") == 0) {
        p = malloc(100000);
        free(p);
        free(p);
    } else if (strcmp(way, "inside") == 0) {
        p = (char *)p + 16;
        free(p);
    } else if (strcmp(way, "foreign") == 0) {
        p = here;
        free(p);
    } else if (strcmp(way, "mapped") == 0) {
        p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        free(p);
    } else {
        p = here;
        p = realloc(p, 10);
    }
    check_print("survived\n");
    return 0;
}
