/* The scanf family as C code sees it: every conversion, widths, suppression,
 * sets, allocation, failures, and streams.
 *
 * @flags -fno-builtin -Wno-format
 * @expect ok:
 */
#include "check.h"
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static int through_list(const char *text, const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = vsscanf(text, format, list);
    va_end(list);
    return result;
}

static void numbers(void)
{
    int a = 0, b = 0, n = 0;
    unsigned u = 0;
    signed char c = 0;
    short h = 0;
    long l = 0;
    intmax_t j = 0;
    size_t z = 0;
    void *p = NULL;
    float f = 0;
    double d = 0;
    long double e = 0;

    CHECK_INT(sscanf(" 12 -7rest", "%d%i%n", &a, &b, &n), 2);
    CHECK_INT(a, 12);
    CHECK_INT(b, -7);
    CHECK_INT(n, 6);
    CHECK_INT(sscanf("0x1f 017 ff 777", "%i%i%x%o", &a, &b, &u, &n), 4);
    CHECK_INT(a, 31);
    CHECK_INT(b, 15);
    CHECK_INT(u, 255);
    CHECK_INT(n, 511);
    CHECK_INT(sscanf("-1 -2 -3 -4 5", "%hhd%hd%ld%jd%zu", &c, &h, &l, &j, &z), 5);
    CHECK(c == -1 && h == -2 && l == -3 && j == -4 && z == 5);
    CHECK_INT(sscanf("123456", "%3d%2d%*d%n", &a, &b, &n), 2);
    CHECK(a == 123 && b == 45 && n == 6);
    CHECK_INT(sscanf("0x1000 1.5 -2.5e3 0x1p-2", "%p%f%lf%Lf", &p, &f, &d, &e), 4);
    CHECK(p == (void *)0x1000 && f == 1.5f && d == -2500.0 && e == 0.25L);
    CHECK_INT(sscanf("inf nan(x)y", "%lf%f%c", &d, &f, &c), 3);
    CHECK(isinf(d) && isnan(f) && c == 'y');
    CHECK_INT(sscanf("0.1000000000000000055511151231257827021181583404541015625", "%lf", &d), 1);
    CHECK(d == 0.1);
    CHECK_INT(through_list("d=4,v=0x400", "d=%d,v=%x", &a, &u), 2);
    CHECK(a == 4 && u == 1024);
}

static void texts(void)
{
    char word[16] = "", set[16] = "", bytes[4] = "???";
    char *made = NULL, *none = word;
    wchar_t wide[8] = L"";
    int n = -1;

    CHECK_INT(sscanf("  some words here", "%s %4[a-z]%3c", word, set, bytes), 3);
    CHECK_STR(word, "some");
    CHECK_STR(set, "word");
    CHECK_INT(memcmp(bytes, "s h", 3), 0);
    CHECK_INT(sscanf("a]b-c", "%[]a]%[^c]", word, set), 2);
    CHECK_STR(word, "a]");
    CHECK_STR(set, "b-");
    CHECK_INT(sscanf("a long word that is made", "%m[^.]%ms%n", &made, &none, &n), 1);
    CHECK_STR(made, "a long word that is made");
    CHECK_INT(n, -1);
    free(made);
    CHECK_INT(sscanf("wide", "%ls", wide), 1);
    CHECK(wcscmp(wide, L"wide") == 0);
    CHECK_INT(sscanf("100%x", "%*d%%%c", word), 1);
    CHECK_INT(word[0], 'x');
}

static void failures(void)
{
    int a = 5, n = 0;
    double d = 0;
    char c = 0;

    CHECK_INT(sscanf("", "%d", &a), EOF);
    CHECK_INT(sscanf("  ", "%d", &a), EOF);
    CHECK_INT(sscanf("x", "%d", &a), 0);
    CHECK_INT(sscanf("7", "%d%d", &a, &a), 1);
    CHECK_INT(sscanf("0xg", "%i", &a), 0);
    CHECK_INT(sscanf("1e+", "%lf", &d), 0);
    CHECK_INT(sscanf("infi", "%lf", &d), 0);
    CHECK_INT(sscanf("abc", "%5c", &c), 0);
    CHECK_INT(sscanf("1:2", "%d;%n", &a, &n), 1);
    CHECK_FAILS(sscanf("1", "%1$d", &a), EINVAL);
    CHECK_FAILS(sscanf("1", "%y", &a), EINVAL);
    CHECK_FAILS(sscanf("1", "%"), EINVAL);
}

static void streams(void)
{
    FILE *file = fopen("/tmp/scan", "w+");
    char word[8] = "";
    int a = 0;

    CHECK(file != NULL);
    CHECK_INT(fputs("12,abc\n34", file), 1);
    rewind(file);
    CHECK_INT(fscanf(file, "%d,%3s", &a, word), 2);
    CHECK(a == 12 && strcmp(word, "abc") == 0);
    CHECK_INT(getc(file), '\n');
    CHECK_INT(fscanf(file, "%d%d", &a, &a), 1);
    CHECK_INT(a, 34);
    CHECK(feof(file) && !ferror(file));
    CHECK_INT(fscanf(file, "%d", &a), EOF);
    CHECK_INT(fclose(file), 0);
}

int main(void)
{
    numbers();
    texts();
    failures();
    streams();
    return check_done();
}
