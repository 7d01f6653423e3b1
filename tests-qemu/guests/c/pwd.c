/* The program begins in the directory that PWD names.
 *
 * @case root
 * @expect in /, and PWD is unset
 * @case tmp
 * @cmdline PWD=/tmp
 * @expect in /tmp, and PWD is /tmp
 * @case absent
 * @cmdline PWD=/tmp/absent
 * @status 255
 * @expect bad command line: PWD names no directory: /tmp/absent
 * @reject in /
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
    char place[32];
    const char *pwd = getenv("PWD");
    if (getcwd(place, sizeof place) == NULL)
        return 1;
    printf("in %s, and PWD is %s\n", place, pwd != NULL ? pwd : "unset");
    return 0;
}
