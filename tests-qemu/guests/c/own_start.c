/* An application with its own solo5_app_main, as MirageOS has: it gets the
 * library ready by itself, and the default solo5_app_main and main stay out.
 *
 * @case plain
 * @cmdline COLOUR=green -- word
 * @status 5
 * @expect constructed, COLOUR is unset
 * @expect Command line: COLOUR=green -- word
 * @expect at exit
 *
 * @case with-environment
 * @cmdline COLOUR=green -- word init_cmdline
 * @status 5
 * @expect constructed, COLOUR is green
 * @expect at exit
 *
 * @case returns
 * @cmdline return
 * @status 9
 * @expect constructed, COLOUR is unset
 */
#include <nolibc.h>
#include <solo5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local int initialised = 41;
static int constructed;

static __attribute__((constructor)) void construct(void)
{
    constructed = initialised + 1;
}

static void last(void)
{
    puts("at exit");
}

int solo5_app_main(const struct solo5_start_info *info)
{
    _nolibc_init(info->heap_start, info->heap_size);
    if (strstr(info->cmdline, "init_cmdline"))
        _nolibc_init_cmdline(info->cmdline);
    const char *colour = getenv("COLOUR");
    char *copy = malloc(strlen(info->cmdline) + 1);
    if (copy == NULL || atexit(last) != 0)
        return 1;
    printf("%sconstructed, COLOUR is %s\n", constructed == 42 ? "" : "not ",
           colour ? colour : "unset");
    printf("Command line: %s\n", strcpy(copy, info->cmdline));
    fflush(stdout);
    free(copy);
    if (strcmp(info->cmdline, "return") == 0)
        return 9;
    exit(5);
}
