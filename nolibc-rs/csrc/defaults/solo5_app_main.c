/*
 * The entry of a program that brings main(). An application that defines its own
 * solo5_app_main (as MirageOS does) calls _nolibc_init itself.
 */
#include <stddef.h>
#include <stdint.h>

struct solo5_start_info {
    const char *cmdline;
    uintptr_t heap_start;
    size_t heap_size;
};

int main(int argc, char **argv, char **envp);
int _nolibc_start(const char *cmdline, uintptr_t heap_start, size_t heap_size,
                  int (*program)(int, char **, char **));

int solo5_app_main(const struct solo5_start_info *info)
{
    return _nolibc_start(info->cmdline, info->heap_start, info->heap_size, main);
}
