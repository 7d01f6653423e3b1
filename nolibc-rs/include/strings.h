/* <strings.h>: POSIX.1-2024, with the four functions that POSIX.1-2001 still had. */
#ifndef NOLIBC_STRINGS_H
#define NOLIBC_STRINGS_H

#include <features.h>
#define NOLIBC_NEED_size_t
#define NOLIBC_NEED_locale_t
#include <_nolibc/types.h>

NOLIBC_BEGIN

int ffs(int bits);
int ffsl(long bits);
int ffsll(long long bits);
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
int strcasecmp_l(const char *a, const char *b, locale_t locale);
int strncasecmp_l(const char *a, const char *b, size_t n, locale_t locale);

#ifdef NOLIBC_COMMON_NAMES
int bcmp(const void *a, const void *b, size_t n);
void bcopy(const void *src, void *dst, size_t n);
void bzero(void *s, size_t n);
char *index(const char *s, int c);
char *rindex(const char *s, int c);
#endif

NOLIBC_END

#endif
