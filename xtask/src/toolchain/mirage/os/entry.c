/* An entry of its own, and the hooks into the allocator that such a library uses. */
#include "solo5.h"

#include <stdlib.h>
#include <string.h>

#include <caml/alloc.h>
#include <caml/callback.h>
#include <caml/memory.h>
#include <caml/mlvalues.h>

extern void _nolibc_init(uintptr_t, size_t);
extern size_t malloc_memory_usage(void);
extern int malloc_trim(size_t);

static char *argv[] = { "mirage", NULL };
static const char *command_line;

/* Its own, although <string.h> could have it. */
static char *strdup(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    return copy ? strcpy(copy, text) : NULL;
}

value os_arguments(value unit)
{
    char *copy = strdup(command_line);
    value text = caml_copy_string(copy ? copy : "?");
    free(copy);
    return text;
}

value os_yield(value deadline)
{
    solo5_handle_set_t ready = 0;
    solo5_yield(Int64_val(deadline), &ready);
    return caml_copy_int64(ready);
}

value os_live_words(value unit)
{
    struct mallinfo info = mallinfo();
    malloc_trim(0);
    size_t bytes = malloc_memory_usage();
    return Val_long(bytes <= (size_t)info.arena ? bytes / sizeof(value) : 0);
}

value os_block_size(value name)
{
    solo5_handle_t handle;
    struct solo5_block_info info;
    if (solo5_block_acquire(String_val(name), &handle, &info) != SOLO5_R_OK)
        return Val_long(0);
    return Val_long(info.block_size);
}

value caml_get_monotonic_time(value unit)
{
    return caml_copy_int64(solo5_clock_monotonic());
}

int solo5_app_main(const struct solo5_start_info *start)
{
    _nolibc_init(start->heap_start, start->heap_size);
    command_line = start->cmdline;
    caml_startup(argv);
    return 0;
}
