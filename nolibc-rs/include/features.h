/* Which names the other headers show.
 *
 * Everything is declared by default. Two groups are the exceptions, because
 * ordinary programs use their names for themselves:
 *
 * - strdup and strndup need _GNU_SOURCE, _DEFAULT_SOURCE, _POSIX_C_SOURCE or
 *   _XOPEN_SOURCE (MirageOS stubs define a static strdup of their own);
 * - with -std=c99 or -std=c11, index, rindex, bcopy, bzero, bcmp and the Bessel
 *   functions j0 ... yn need one of these too.
 */
#ifndef NOLIBC_FEATURES_H
#define NOLIBC_FEATURES_H

/* The name of this library, for programs that must know. */
#define __NOLIBC__ 1

#if defined(_GNU_SOURCE) || defined(_DEFAULT_SOURCE) || defined(_BSD_SOURCE) || \
    defined(_POSIX_C_SOURCE) || defined(_POSIX_SOURCE) || defined(_XOPEN_SOURCE)
#define NOLIBC_ASKED_FOR_POSIX 1
#endif

#if defined(NOLIBC_ASKED_FOR_POSIX) || !defined(__STRICT_ANSI__)
#define NOLIBC_COMMON_NAMES 1
#endif

#define NOLIBC_NORETURN __attribute__((__noreturn__))
#define NOLIBC_CONST __attribute__((__const__))

#ifdef __cplusplus
#define NOLIBC_BEGIN extern "C" {
#define NOLIBC_END }
#else
#define NOLIBC_BEGIN
#define NOLIBC_END
#endif

#endif
