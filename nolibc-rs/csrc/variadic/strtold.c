/* `long double` comes back in an x87 register, which Rust cannot say. */
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
