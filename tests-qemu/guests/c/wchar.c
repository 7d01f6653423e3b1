/* Wide characters in the "C" locale: strings, conversions, numbers, streams.
 *
 * @flags -fno-builtin
 * @expect wide: 42 text
 * @expect ok:
 */
#include "check.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <uchar.h>
#include <wchar.h>
#include <wctype.h>

static void strings(void)
{
    wchar_t buffer[32] = L"", list[] = L",one,,two";
    wchar_t *state = NULL;

    CHECK_INT(wcslen(L"wide"), 4);
    CHECK_INT(wcsnlen(L"wide", 2), 2);
    CHECK(wcscpy(buffer, L"ab") == buffer);
    CHECK(wcscat(buffer, L"cd") == buffer);
    CHECK_INT(wcscmp(buffer, L"abcd"), 0);
    CHECK(wcscmp(L"a", L"b") < 0 && wcscmp(L"b", L"a") > 0 && wcsncmp(L"ab", L"ac", 1) == 0);
    CHECK_INT(wcscasecmp(L"aBc", L"AbC"), 0);
    CHECK(wcschr(buffer, L'c') == buffer + 2 && wcschr(buffer, L'x') == NULL);
    CHECK(wcsrchr(buffer, L'\0') == buffer + 4 && wcsstr(buffer, L"bc") == buffer + 1);
    CHECK_INT(wcsspn(L"aab", L"a"), 2);
    CHECK_INT(wcscspn(L"aab", L"b"), 2);
    CHECK(wcscmp(wcstok(list, L",", &state), L"one") == 0);
    CHECK(wcscmp(wcstok(NULL, L",", &state), L"two") == 0);
    CHECK(wcstok(NULL, L",", &state) == NULL);
    CHECK(wmemset(buffer, L'x', 3) == buffer && wmemchr(buffer, L'd', 4) == buffer + 3);
    CHECK(wmemcmp(buffer, L"xxx", 3) == 0);
    CHECK_INT(wcwidth(L'a'), 1);
    CHECK(iswalpha(L'a') && !iswalpha(0xe9) && iswctype(L'5', wctype("digit")));
    CHECK(towupper(L'a') == L'A' && towctrans(L'A', wctrans("tolower")) == L'a');
    CHECK(wctype("none") == 0);
}

static void conversions(void)
{
    mbstate_t state = {{0, 0}};
    wchar_t wide[8];
    char narrow[8];
    const char *source = "text";
    char16_t unit = 0;

    for (int byte = 1; byte < 256; byte++) {
        char in = (char)byte, out = 0;
        wchar_t one = 0;

        CHECK_INT(mbrtowc(&one, &in, 1, &state), 1);
        CHECK_INT(wcrtomb(&out, one, &state), 1);
        CHECK(out == in && (byte >= 0x80 || one == (wchar_t)byte));
    }
    CHECK_INT(mbrtowc(wide, "", 1, &state), 0);
    CHECK_INT(mbrtowc(wide, "a", 0, &state), (size_t)-2);
    CHECK_FAILS(wcrtomb(narrow, 0x20ac, &state), EILSEQ);
    CHECK_INT(mbstowcs(wide, "text", 8), 4);
    CHECK(wcscmp(wide, L"text") == 0);
    CHECK_INT(wcstombs(narrow, L"text", 8), 4);
    CHECK_STR(narrow, "text");
    CHECK_INT(mbsrtowcs(wide, &source, 2, &state), 2);
    CHECK_STR(source, "xt");
    CHECK_INT(mbsrtowcs(wide, &source, 8, &state), 2);
    CHECK(source == NULL);
    CHECK_INT(MB_CUR_MAX, 1);
    CHECK_INT(mbrtoc16(&unit, "u", 1, &state), 1);
    CHECK_INT(unit, u'u');
    CHECK(btowc('a') == L'a' && btowc(EOF) == WEOF && wctob(0x20ac) == EOF);
}

static void formats(void)
{
    wchar_t buffer[32], *end = NULL;
    int number = 0;

    CHECK_INT(swprintf(buffer, 32, L"%d-%ls-%s", 7, L"wide", "narrow"), 13);
    CHECK(wcscmp(buffer, L"7-wide-narrow") == 0);
    CHECK_FAILS(swprintf(buffer, 4, L"%d", 12345), EOVERFLOW);
    CHECK_INT(swscanf(L"42 x", L"%d", &number), 1);
    CHECK_INT(number, 42);
    CHECK(wcstod(L" 2.5x", &end) == 2.5 && *end == L'x');
    CHECK(wcstold(L"0x1p4", &end) == 16.0L && *end == L'\0');
    CHECK_INT(wcstol(L"-12", &end, 10), -12);
    CHECK_INT(wcstoumax(L"12", NULL, 10), 12);
}

static void streams(void)
{
    FILE *file = fopen("/tmp/wide", "w+");
    wchar_t line[16];

    CHECK_INT(fwprintf(file, L"%d\n", 5), 2);
    CHECK_INT(fputws(L"text\n", file), 1);
    CHECK(fputwc(0x20ac, file) == WEOF && errno == EILSEQ);
    rewind(file);
    CHECK(fgetwc(file) == L'5' && ungetwc(L'6', file) == L'6');
    CHECK(fgetws(line, 16, file) == line && wcscmp(line, L"6\n") == 0);
    CHECK(fgetws(line, 16, file) == line && wcscmp(line, L"text\n") == 0);
    CHECK(fgetwc(file) == WEOF && feof(file));
    CHECK_INT(fclose(file), 0);
}

int main(void)
{
    wprintf(L"wide: %d %ls\n", 42, L"text");
    strings();
    conversions();
    formats();
    streams();
    return check_done();
}
