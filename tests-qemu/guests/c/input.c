/* What is typed on the console is read; its end is an end of file.
 *
 * @models
 * @stdin first line\nsecond\n
 * @expect read [first line
 * @expect read [second
 * @expect end of file
 */
#include "check.h"

int main(void)
{
    char line[64];
    size_t len = 0;

    for (;;) {
        char byte;
        ssize_t got = read(0, &byte, 1);

        if (got < 0) {
            check_print("read fails with errno ");
            check_print_int(errno);
            return 1;
        }
        if (got == 1 && byte != '\n') {
            if (len < sizeof line - 1)
                line[len++] = byte;
            continue;
        }
        line[len] = '\0';
        if (len > 0) {
            check_print("read [");
            check_print(line);
            check_print("]\n");
        }
        len = 0;
        if (got == 0)
            break;
    }
    check_print("end of file\n");
    return 0;
}
