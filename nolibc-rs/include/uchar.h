/* <uchar.h>: C11 7.28. A multibyte character is one byte, as in <wchar.h>. */
#ifndef NOLIBC_UCHAR_H
#define NOLIBC_UCHAR_H

#include <features.h>
#define NOLIBC_NEED_size_t
#define NOLIBC_NEED_mbstate_t
#include <_nolibc/types.h>

#ifndef __cplusplus
typedef __CHAR16_TYPE__ char16_t;
typedef __CHAR32_TYPE__ char32_t;
#endif

NOLIBC_BEGIN

size_t mbrtoc16(char16_t *__restrict wide, const char *__restrict text, size_t len,
                mbstate_t *__restrict state);
size_t c16rtomb(char *__restrict text, char16_t wide, mbstate_t *__restrict state);
size_t mbrtoc32(char32_t *__restrict wide, const char *__restrict text, size_t len,
                mbstate_t *__restrict state);
size_t c32rtomb(char *__restrict text, char32_t wide, mbstate_t *__restrict state);

NOLIBC_END

#endif
