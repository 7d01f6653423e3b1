/* ctype.h and locale.h: the "C" locale, any int as an argument.
 *
 * @expect ok:
 */
#include "check.h"

#include <ctype.h>
#include <limits.h>
#include <locale.h>

/* Which of the classes each ASCII character is in, by the text of the standard. */
static int in(const char *set, int c)
{
    return c > 0 && c < 128 && strchr(set, c) != NULL;
}

static void classes(void)
{
    static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
    static const char digits[] = "0123456789";
    locale_t c_locale = duplocale(LC_GLOBAL_LOCALE);

    for (int c = -300; c < 300; c++) {
        int alpha = in(upper, c) || in(lower, c), alnum = alpha || in(digits, c);
        int graph = c > 32 && c < 127;

#define CLASS(name, want) \
    CHECK_INT(!!name(c), want); \
    CHECK_INT(!!name##_l(c, c_locale), want);
        CLASS(isalpha, alpha)
        CLASS(isalnum, alnum)
        CLASS(isupper, in(upper, c))
        CLASS(islower, in(lower, c))
        CLASS(isdigit, in(digits, c))
        CLASS(isxdigit, in(digits, c) || in("abcdefABCDEF", c))
        CLASS(isspace, in(" \t\n\v\f\r", c))
        CLASS(isblank, in(" \t", c))
        CLASS(iscntrl, (c >= 0 && c < 32) || c == 127)
        CLASS(isgraph, graph)
        CLASS(isprint, graph || c == ' ')
        CLASS(ispunct, graph && !alnum)
        CHECK_INT(toupper(c), in(lower, c) ? c - 32 : c);
        CHECK_INT(tolower(c), in(upper, c) ? c + 32 : c);
        CHECK_INT(toupper_l(c, c_locale), toupper(c));
        CHECK_INT(tolower_l(c, c_locale), tolower(c));
        CHECK_INT(!!isascii(c), c >= 0 && c < 128);
    }
    CHECK(!isalpha(INT_MAX) && !isalpha(INT_MIN) && !isalpha(0x141));
    CHECK_INT(tolower(INT_MIN), INT_MIN);
    CHECK_INT(toascii(0x141), 'A');
    freelocale(c_locale);
}

static void locales(void)
{
    struct lconv *conventions = localeconv();

    CHECK_STR(setlocale(LC_ALL, NULL), "C");
    CHECK_STR(setlocale(LC_ALL, ""), "C");
    CHECK_STR(setlocale(LC_NUMERIC, "POSIX"), "C");
    CHECK(setlocale(LC_ALL, "de_DE.UTF-8") == NULL);
    CHECK(setlocale(77, "C") == NULL);
    CHECK(setlocale(-1, NULL) == NULL);
    CHECK_STR(conventions->decimal_point, ".");
    CHECK_STR(conventions->thousands_sep, "");
    CHECK_STR(conventions->negative_sign, "");
    CHECK_INT(conventions->frac_digits, CHAR_MAX);
    CHECK_INT(conventions->int_n_sign_posn, CHAR_MAX);
    locale_t c = newlocale(LC_NUMERIC_MASK | LC_CTYPE_MASK, "C", (locale_t)0);
    CHECK(c != (locale_t)0);
    locale_t before = uselocale(c);
    CHECK(before == LC_GLOBAL_LOCALE);
    uselocale(before);
    freelocale(c);
    errno = 0;
    CHECK(newlocale(LC_ALL_MASK, "xx_YY", (locale_t)0) == (locale_t)0 && errno == ENOENT);
    CHECK(newlocale(1 << 20, "C", (locale_t)0) == (locale_t)0 && errno == EINVAL);
    errno = 0;
    CHECK(newlocale(LC_ALL_MASK, NULL, (locale_t)0) == (locale_t)0 && errno == EINVAL);
}

int main(void)
{
    classes();
    locales();
    return check_done();
}
