/* An application may bring its own solo5_app_main, as MirageOS does: _nolibc_init makes
 * the library ready, constructors included.
 *
 * @mem 64
 * @cmdline NAME=value -- ignored
 * @expect constructed
 * @expect ok:
 */
#include "check.h"
#include <malloc.h>
#include <nolibc.h>
#include <stdio.h>
#include <stdlib.h>

struct solo5_start_info {
    const char *cmdline;
    uintptr_t heap_start;
    size_t heap_size;
};

static _Thread_local int variable = 5;
static int constructed;

static __attribute__((constructor)) void construct(void)
{
    constructed = 1;
    puts("constructed");
}

int solo5_app_main(const struct solo5_start_info *info);

int solo5_app_main(const struct solo5_start_info *info)
{
    _nolibc_init(info->heap_start, info->heap_size);
    CHECK_INT(constructed, 1);
    CHECK_INT(variable, 5);
    CHECK_STR(getenv("NAME"), NULL);
    CHECK_STR(getenv("OCAMLRUNPARAM"), "d=2");
    _nolibc_init_cmdline(info->cmdline);
    CHECK_STR(getenv("NAME"), "value");
    CHECK_STR(getenv("OCAMLRUNPARAM"), "d=2");
    CHECK(malloc_memory_usage() > 0);
    void *p = malloc(100);
    CHECK(p != NULL);
    free(p);
    fflush(stdout);
    return check_done();
}
