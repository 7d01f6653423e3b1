/* string.h and strings.h: every function, with plausible and with odd arguments.
 *
 * @expect ok:
 */
#define _GNU_SOURCE
#include "check.h"

#include <locale.h>
#include <memory.h>
#include <stdlib.h>
#include <strings.h>

/* The compiler must not do the work itself: calls go through these. */
#define OPAQUE(name) static __typeof__(name) *volatile p_##name = name;
OPAQUE(memcpy) OPAQUE(memmove) OPAQUE(memset) OPAQUE(memcmp) OPAQUE(memchr) OPAQUE(memccpy)
OPAQUE(strcpy) OPAQUE(strncpy) OPAQUE(strcat) OPAQUE(strncat) OPAQUE(strcmp) OPAQUE(strncmp)
OPAQUE(strchr) OPAQUE(strrchr) OPAQUE(strspn) OPAQUE(strcspn) OPAQUE(strpbrk) OPAQUE(strstr)
OPAQUE(strlen) OPAQUE(strnlen) OPAQUE(stpcpy) OPAQUE(stpncpy) OPAQUE(mempcpy) OPAQUE(bcmp)
OPAQUE(bcopy) OPAQUE(bzero) OPAQUE(index) OPAQUE(rindex) OPAQUE(strcasecmp) OPAQUE(strncasecmp)
OPAQUE(ffs) OPAQUE(ffsl) OPAQUE(ffsll) OPAQUE(strdup) OPAQUE(strndup)

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

/* Every size up to 300 and some large ones, at several alignments, against loops. */
static void blocks(void)
{
    static unsigned char from[9000], to[9000], model[9000];
    unsigned sizes[] = {511, 512, 1000, 2047, 2048, 2049, 4096, 8000};
    int good = 1;

    for (unsigned i = 0; i < sizeof from; i++)
        from[i] = (unsigned char)(i * 7 + i / 256);
    for (unsigned n = 0; n < 308; n++) {
        unsigned size = n < 300 ? n : sizes[n - 300];

        for (unsigned shift = 0; shift < 18; shift += 3) {
            for (unsigned i = 0; i < sizeof to; i++)
                to[i] = model[i] = (unsigned char)i;
            good &= p_memcpy(to + 32 + shift, from + 5, size) == to + 32 + shift;
            for (unsigned i = 0; i < size; i++)
                model[32 + shift + i] = from[5 + i];
            for (unsigned i = 0; i < sizeof to; i++)
                good &= to[i] == model[i];
            good &= p_memcmp(to, model, sizeof to) == 0 && p_bcmp(to, model, size) == 0;
            p_memmove(to + 40, to + 40 - shift, size);
            for (unsigned i = size; i-- > 0;)
                model[40 + i] = model[40 - shift + i];
            p_memmove(to + 300, to + 300 + shift, size);
            for (unsigned i = 0; i < size; i++)
                model[300 + i] = model[300 + shift + i];
            good &= p_memcmp(to, model, sizeof to) == 0;
            p_memset(to + shift, 0x1aa, size);
            for (unsigned i = 0; i < size; i++)
                good &= to[shift + i] == 0xaa;
            good &= to[shift + size] == model[shift + size];
        }
    }
    CHECK(good);
    CHECK_INT(p_memcmp("a\xff", "a\x01", 2) > 0, 1);
    CHECK_INT(p_memcmp("abc", "abd", 2), 0);
    CHECK_INT(p_memcmp("x", "y", 0), 0);
    CHECK(p_memchr(from, from[77], 9000) != NULL);
    CHECK(p_memchr("abc", 'c', 2) == NULL);
    CHECK(memrchr("abcabc", 'b', 6) != NULL);
    CHECK(memrchr("abc", 'x', 3) == NULL);
    CHECK_STR((char *)rawmemchr("find me", 'm'), "me");
    CHECK(p_mempcpy(to, "xyz", 3) == to + 3);
    CHECK(p_memccpy(to, "one two", ' ', 7) == to + 4);
    CHECK(p_memccpy(to, "one two", 'z', 3) == NULL);
    CHECK_STR((char *)memmem("haystack", 8, "sta", 3), "stack");
    CHECK(memmem("haystack", 8, "stax", 4) == NULL);
    CHECK_STR((char *)memmem("any", 3, "", 0), "any");
    CHECK(memmem("a", 1, "ab", 2) == NULL);
    p_bcopy("moved", to, 6);
    CHECK_STR((char *)to, "moved");
    p_bzero(to, 3);
    CHECK(to[0] == 0 && to[2] == 0 && to[3] == 'e');
    explicit_bzero(to + 3, 2);
    CHECK(to[3] == 0 && to[4] == 0);
}

static void copies(void)
{
    char buffer[32];

    CHECK_STR(p_strcpy(buffer, "hello"), "hello");
    CHECK(p_stpcpy(buffer, "hello") == buffer + 5);
    memset(buffer, 'x', sizeof buffer);
    CHECK_STR(p_strncpy(buffer, "hi", 6), "hi");
    CHECK(buffer[5] == 0 && buffer[6] == 'x');
    p_strncpy(buffer, "abcdef", 3);
    CHECK(memcmp(buffer, "abc", 3) == 0 && buffer[3] == 0);
    CHECK(p_stpncpy(buffer, "abcdef", 3) == buffer + 3);
    CHECK(p_stpncpy(buffer, "a", 3) == buffer + 1);
    CHECK_STR(p_strcat(p_strcpy(buffer, "one"), "two"), "onetwo");
    CHECK_STR(p_strncat(buffer, "three", 2), "onetwoth");
    CHECK_INT(strlcpy(buffer, "too long", 5), 8);
    CHECK_STR(buffer, "too ");
    CHECK_INT(strlcpy(buffer, "x", 0), 1);
    CHECK_INT(strlcat(buffer, "more", 7), 8);
    CHECK_STR(buffer, "too mo");
    CHECK_INT(strlcat(buffer, "more", 3), 7);
    CHECK_INT(strxfrm(buffer, "sort", sizeof buffer), 4);
    CHECK_STR(buffer, "sort");
    CHECK_INT(strxfrm(NULL, "sort", 0), 4);
    char *copy = p_strdup("copied");
    CHECK_STR(copy, "copied");
    free(copy);
    copy = p_strndup("copied", 3);
    CHECK_STR(copy, "cop");
    free(copy);
}

static void searches(void)
{
    const char *s = "a,b;;c";

    CHECK_INT(p_strlen(""), 0);
    CHECK_INT(p_strlen("seven c"), 7);
    CHECK_INT(p_strnlen("seven c", 3), 3);
    CHECK_INT(p_strnlen("ab", (size_t)-1), 2);
    CHECK(p_strchr(s, ';') == s + 3);
    CHECK(p_strchr(s, 0) == s + 6);
    CHECK(p_strchr(s, 'z') == NULL);
    CHECK(strchrnul(s, 'z') == s + 6);
    CHECK(p_strrchr(s, ';') == s + 4);
    CHECK(p_strrchr(s, 0) == s + 6);
    CHECK(p_strrchr(s, 'z') == NULL);
    CHECK(p_index(s, ',') == s + 1 && p_rindex(s, 'c') == s + 5);
    CHECK_INT(p_strspn("aabbc", "ab"), 4);
    CHECK_INT(p_strcspn("aabbc", "c"), 4);
    CHECK_INT(p_strspn("abc", ""), 0);
    CHECK_INT(p_strcspn("abc", ""), 3);
    CHECK_STR(p_strpbrk(s, ";,"), ",b;;c");
    CHECK(p_strpbrk(s, "xyz") == NULL);
    CHECK_STR(p_strstr("one two three", "two"), "two three");
    CHECK_STR(p_strstr("abc", ""), "abc");
    CHECK(p_strstr("aaaaaaaaaaaaaaab", "aab") != NULL);
    CHECK(p_strstr("abc", "abcd") == NULL);
    CHECK_STR(strcasestr("One TWO", "two"), "TWO");
    CHECK(strcasestr("One", "two") == NULL);
}

static void comparisons(void)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);

    CHECK_INT(sign(p_strcmp("abc", "abd")), -1);
    CHECK_INT(sign(p_strcmp("\xff", "a")), 1);
    CHECK_INT(p_strcmp("", ""), 0);
    CHECK_INT(p_strncmp("abc", "abd", 2), 0);
    CHECK_INT(sign(p_strncmp("ab", "abc", 9)), -1);
    CHECK_INT(p_strcasecmp("HeLLo", "hEllO"), 0);
    CHECK_INT(sign(p_strcasecmp("a", "B")), -1);
    CHECK_INT(p_strncasecmp("ABx", "aby", 2), 0);
    CHECK_INT(sign(strcoll("a", "b")), -1);
    CHECK_INT(strcoll_l("a", "a", c), 0);
    CHECK_INT(strcasecmp_l("A", "a", c), 0);
    CHECK_INT(strncasecmp_l("Ax", "ay", 1, c), 0);
    CHECK_INT(p_ffs(0), 0);
    CHECK_INT(p_ffs(0x50), 5);
    CHECK_INT(p_ffs((int)0x80000000u), 32);
    CHECK_INT(p_ffsl(1L << 40), 41);
    CHECK_INT(p_ffsll(1LL << 62), 63);
    freelocale(c);
}

static void tokens(void)
{
    char text[] = ",,one,;two;", parts[] = "a,,b";
    char *state = NULL, *rest = parts;

    CHECK_STR(strtok_r(text, ",;", &state), "one");
    CHECK_STR(strtok_r(NULL, ",;", &state), "two");
    CHECK(strtok_r(NULL, ",;", &state) == NULL);
    CHECK(strtok_r(NULL, ",;", &state) == NULL);
    char again[] = "x y";
    CHECK_STR(strtok(again, " "), "x");
    CHECK_STR(strtok(NULL, " "), "y");
    CHECK(strtok(NULL, " ") == NULL);
    CHECK_STR(strsep(&rest, ","), "a");
    CHECK_STR(strsep(&rest, ","), "");
    CHECK_STR(strsep(&rest, ","), "b");
    CHECK(strsep(&rest, ",") == NULL);
}

static void messages(void)
{
    char buffer[64];

    CHECK_STR(strerror(0), "Success");
    CHECK_STR(strerror(ENOENT), "No such file or directory");
    CHECK_STR(strerror(-7), "Unknown error -7");
    CHECK_STR(strerror(99999), "Unknown error 99999");
    CHECK_STR(strerror_l(EINVAL, (locale_t)0), "Invalid argument");
    CHECK_INT(strerror_r(EBADF, buffer, sizeof buffer), 0);
    CHECK_STR(buffer, "Bad file descriptor");
    CHECK_INT(strerror_r(12345, buffer, sizeof buffer), EINVAL);
    CHECK_STR(buffer, "Unknown error 12345");
    CHECK_INT(strerror_r(EBADF, buffer, 4), ERANGE);
    CHECK_STR(buffer, "Bad");
    CHECK_INT(strerror_r(EBADF, buffer, 0), ERANGE);
    CHECK_STR(strsignal(11), "Segmentation fault");
    CHECK_STR(strsignal(0), "Unknown signal 0");
    CHECK_STR(strsignal(-2147483647 - 1), "Unknown signal -2147483648");
    for (int number = 1; number < 133; number++)
        CHECK(strlen(strerror(number)) > 4);
}

int main(void)
{
    blocks();
    copies();
    searches();
    comparisons();
    tokens();
    messages();
    return check_done();
}
