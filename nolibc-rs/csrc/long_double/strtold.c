/* `long double` comes back in an x87 register, which Rust cannot say. */
#include <stddef.h>

void nolibc_strtold(const char *text, char **end, long double *result);

long double strtold(const char *text, char **end)
{
    long double result;
    nolibc_strtold(text, end, &result);
    return result;
}

long double strtold_l(const char *text, char **end, void *locale)
{
    (void)locale;
    return strtold(text, end);
}

void nolibc_wcstold(const wchar_t *text, wchar_t **end, long double *result);

long double wcstold(const wchar_t *text, wchar_t **end)
{
    long double result;
    nolibc_wcstold(text, end, &result);
    return result;
}
