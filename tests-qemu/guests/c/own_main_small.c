/* An application gives the library less than two pages, from an address that is no page's, so that
 * no whole one is in them: it is told so.
 *
 * @mem 64
 * @status 255
 * @expect nolibc: not enough memory for the
 * @reject unreachable
 */
#include "check.h"
#include <nolibc.h>

struct solo5_start_info {
    const char *cmdline;
    uintptr_t heap_start;
    size_t heap_size;
};

int solo5_app_main(const struct solo5_start_info *info);

int solo5_app_main(const struct solo5_start_info *info)
{
    size_t size = 4 * 1024 + 16;

    _nolibc_init(info->heap_start + info->heap_size - size, size);
    check_print("unreachable\n");
    return 0;
}
