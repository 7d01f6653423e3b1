/* <string.h>: C11 7.24, POSIX.1-2024, and the GNU and BSD functions in common use. */
#ifndef NOLIBC_STRING_H
#define NOLIBC_STRING_H

#include <features.h>
#define NOLIBC_NEED_size_t
#define NOLIBC_NEED_NULL
#define NOLIBC_NEED_locale_t
#include <_nolibc/types.h>

NOLIBC_BEGIN

void *memcpy(void *__restrict dst, const void *__restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
void *memccpy(void *__restrict dst, const void *__restrict src, int c, size_t n);

char *strcpy(char *__restrict dst, const char *__restrict src);
char *strncpy(char *__restrict dst, const char *__restrict src, size_t n);
char *strcat(char *__restrict dst, const char *__restrict src);
char *strncat(char *__restrict dst, const char *__restrict src, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
int strcoll(const char *a, const char *b);
size_t strxfrm(char *__restrict dst, const char *__restrict src, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);
char *strpbrk(const char *s, const char *accept);
char *strstr(const char *haystack, const char *needle);
char *strtok(char *__restrict s, const char *__restrict delimiters);
size_t strlen(const char *s);
char *strerror(int number);

char *strtok_r(char *__restrict s, const char *__restrict delimiters, char **__restrict state);
size_t strnlen(const char *s, size_t n);
char *stpcpy(char *__restrict dst, const char *__restrict src);
char *stpncpy(char *__restrict dst, const char *__restrict src, size_t n);
char *strsignal(int number);
/* The function of POSIX, which returns an error number, in every dialect. */
int strerror_r(int number, char *buffer, size_t size);
char *strerror_l(int number, locale_t locale);
int strcoll_l(const char *a, const char *b, locale_t locale);
size_t strxfrm_l(char *__restrict dst, const char *__restrict src, size_t n, locale_t locale);

#ifdef NOLIBC_ASKED_FOR_POSIX
char *strdup(const char *s);
char *strndup(const char *s, size_t n);
#endif

void *memmem(const void *haystack, size_t haystack_size, const void *needle, size_t needle_size);
void *mempcpy(void *__restrict dst, const void *__restrict src, size_t n);
void *memrchr(const void *s, int c, size_t n);
void *rawmemchr(const void *s, int c);
void explicit_bzero(void *s, size_t n);
char *strcasestr(const char *haystack, const char *needle);
char *strchrnul(const char *s, int c);
char *strsep(char **__restrict s, const char *__restrict delimiters);
size_t strlcpy(char *__restrict dst, const char *__restrict src, size_t size);
size_t strlcat(char *__restrict dst, const char *__restrict src, size_t size);

NOLIBC_END

#ifdef NOLIBC_COMMON_NAMES
#include <strings.h>
#endif

#endif
