/* Checks for C guests. A failed check prints file, line and expression, and the
 * guest goes on, so that one boot shows every failure. Only write() is used: a
 * guest that tests printf must not depend on it to say so.
 *
 *     int main(void)
 *     {
 *         CHECK(strlen("abc") == 3);
 *         CHECK_INT(abs(-3), 3);
 *         CHECK_STR(getenv("HOME"), "/");
 *         CHECK_FAILS(close(99), EBADF);        // -1, and errno as given
 *         return check_done();                  // "ok: 4 checks", status 0
 *     }
 */
#ifndef CHECK_H
#define CHECK_H

#include <errno.h>
#include <string.h>
#include <unistd.h>

static unsigned check_count, check_failures;

static __attribute__((unused)) void check_print(const char *text)
{
    size_t len = strlen(text);

    while (len > 0) {
        ssize_t done = write(1, text, len);

        if (done <= 0)
            return;
        text += done;
        len -= (size_t)done;
    }
}

static __attribute__((unused)) void check_print_int(long long value)
{
    char digits[24];
    char *p = digits + sizeof digits;
    unsigned long long rest = value < 0 ? 0 - (unsigned long long)value
                                        : (unsigned long long)value;

    *--p = '\0';
    do
        *--p = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (value < 0)
        *--p = '-';
    check_print(p);
}

static __attribute__((unused)) void check_fail(const char *file, int line, const char *text)
{
    int saved = errno;

    check_failures++;
    check_print(file);
    check_print(":");
    check_print_int(line);
    check_print(": FAILED: ");
    check_print(text);
    errno = saved;
}

static __attribute__((unused)) int check_that(int good, const char *file, int line,
                                              const char *text)
{
    check_count++;
    if (!good) {
        check_fail(file, line, text);
        check_print("\n");
    }
    return good;
}

static __attribute__((unused)) int check_int(long long got, long long want, const char *file,
                                             int line, const char *text)
{
    check_count++;
    if (got == want)
        return 1;
    check_fail(file, line, text);
    check_print(" is ");
    check_print_int(got);
    check_print(", not ");
    check_print_int(want);
    check_print("\n");
    return 0;
}

static __attribute__((unused)) int check_str(const char *got, const char *want, const char *file,
                                             int line, const char *text)
{
    check_count++;
    if (got == want || (got && want && strcmp(got, want) == 0))
        return 1;
    check_fail(file, line, text);
    check_print(" is ");
    check_print(got ? got : "(null)");
    check_print(", not ");
    check_print(want ? want : "(null)");
    check_print("\n");
    return 0;
}

static __attribute__((unused)) int check_fails(long long got, int got_errno, int want_errno,
                                               const char *file, int line, const char *text)
{
    check_count++;
    if (got == -1 && got_errno == want_errno)
        return 1;
    check_fail(file, line, text);
    check_print(" answers ");
    check_print_int(got);
    check_print(" with errno ");
    check_print_int(got_errno);
    check_print(", not -1 with ");
    check_print_int(want_errno);
    check_print("\n");
    return 0;
}

/* The last thing main does: `return check_done();` */
static __attribute__((unused)) int check_done(void)
{
    if (check_failures == 0 && check_count > 0) {
        check_print("ok: ");
    } else {
        check_print("FAILED: ");
        check_print_int(check_failures);
        check_print(" of ");
    }
    check_print_int(check_count);
    check_print(" checks\n");
    return check_failures != 0 || check_count == 0;
}

/* `expression` holds. */
#define CHECK(expression) check_that(!!(expression), __FILE__, __LINE__, #expression)
/* An integer has the value wanted. */
#define CHECK_INT(expression, want) \
    check_int((long long)(expression), (long long)(want), __FILE__, __LINE__, #expression)
/* A string has the text wanted; NULL equals NULL alone. */
#define CHECK_STR(expression, want) check_str((expression), (want), __FILE__, __LINE__, #expression)
/* A call answers -1 and sets errno to `code`. */
#define CHECK_FAILS(expression, code)                                                 \
    do {                                                                              \
        errno = 0;                                                                    \
        long long check_got_ = (long long)(expression);                               \
        int check_errno_ = errno;                                                     \
        check_fails(check_got_, check_errno_, (code), __FILE__, __LINE__, #expression); \
    } while (0)

#endif
