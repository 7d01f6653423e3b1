/* Numbers to text and back: the same as glibc on the host, by a table that the
 * host's tests keep (nolibc-rs/tests/vectors.rs).
 *
 * @flags -fno-builtin -Wno-format-security -Wno-format-nonliteral
 * @expect ok:
 */
#include "check.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct printed {
    const char *format;
    uint64_t bits;
    const char *text;
};

struct parsed {
    const char *text;
    uint64_t bits;
    unsigned used, range;
};

#include "text_vectors.h"

#define LENGTH(table) (sizeof(table) / sizeof *(table))

static void same(const char *format, int len, const char *got, const char *want)
{
    CHECK_INT(len, (int)strlen(want));
    CHECK_STR(got, want);
    if (strcmp(got, want) != 0)
        check_print(format);
}

int main(void)
{
    char text[512];
    double value;

    for (size_t i = 0; i < LENGTH(doubles); i++) {
        memcpy(&value, &doubles[i].bits, sizeof value);
        int len = snprintf(text, sizeof text, doubles[i].format, value);
        same(doubles[i].format, len, text, doubles[i].text);
    }
    for (size_t i = 0; i < LENGTH(integers); i++) {
        int len = snprintf(text, sizeof text, integers[i].format, integers[i].bits);
        same(integers[i].format, len, text, integers[i].text);
    }
    for (size_t i = 0; i < LENGTH(texts); i++) {
        uint64_t bits;
        char *end;

        errno = 0;
        value = strtod(texts[i].text, &end);
        memcpy(&bits, &value, sizeof bits);
        CHECK_INT(errno, texts[i].range ? ERANGE : 0);
        CHECK_INT(end - texts[i].text, texts[i].used);
        /* What a NaN holds is nobody's business. */
        CHECK(bits == texts[i].bits || value != value);
    }
    return check_done();
}
