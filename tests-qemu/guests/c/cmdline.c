/* The command line becomes the environment and the arguments, by the rules of
 * nolibc-rs/src/environ.rs. Brackets show where each word ends.
 *
 * @case none
 * @expect argc 1
 * @expect end
 *
 * @case words
 * @models
 * @cmdline  one two   three
 * @expect argc 4
 * @expect argv[1] = [one]
 * @expect argv[2] = [two]
 * @expect argv[3] = [three]
 * @expect end
 *
 * @case environment
 * @cmdline NAME=value EMPTY= TWICE=1 -- NAME=argument -- x
 * @expect argc 4
 * @expect argv[1] = [NAME=argument]
 * @expect argv[2] = [--]
 * @expect argv[3] = [x]
 * @expect NAME=[value]
 * @expect EMPTY=[]
 * @expect end
 *
 * @case no-dashes
 * @cmdline NAME=value first OTHER=x
 * @expect argc 3
 * @expect argv[1] = [first]
 * @expect argv[2] = [OTHER=x]
 * @expect NAME=[value]
 * @expect EMPTY unset
 * @expect end
 *
 * @case quotes
 * @cmdline -- 'two words' "a \"b\" \$c" back\ slash '' "" a'b'"c"d
 * @expect argc 7
 * @expect argv[1] = [two words]
 * @expect argv[2] = [a "b" $c]
 * @expect argv[3] = [back slash]
 * @expect argv[4] = []
 * @expect argv[5] = []
 * @expect argv[6] = [abcd]
 * @expect end
 *
 * @case quoted-value
 * @cmdline NAME='two words' -- x
 * @expect argc 2
 * @expect NAME=[two words]
 * @expect end
 *
 * @case open-quote
 * @cmdline -- good 'never closed
 * @status 255
 * @expect a quote is not closed
 * @reject end
 *
 * @case lone-backslash
 * @cmdline -- x \
 * @status 255
 * @expect nothing follows the backslash
 * @reject end
 */
#include "check.h"
#include <stdlib.h>

static void show(const char *before, const char *word)
{
    check_print(before);
    check_print("[");
    check_print(word);
    check_print("]\n");
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"NAME", "EMPTY", "TWICE"};

    check_print("argc ");
    check_print_int(argc);
    check_print("\n");
    for (int i = 0; i < argc; i++) {
        check_print("argv[");
        check_print_int(i);
        show("] = ", argv[i]);
    }
    CHECK(argv[argc] == NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);

        check_print(names[i]);
        if (value)
            show("=", value);
        else
            check_print(" unset\n");
    }
    check_print("end\n");
    return check_failures != 0;
}
