/* <assert.h>: C11 7.2. May be included again with another NDEBUG, so there is
 * no include guard around assert itself. */
#include <features.h>

#undef assert

#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#ifdef __cplusplus
#define assert(condition)         \
    (static_cast<bool>(condition) \
         ? (void)0                \
         : __assert_fail(#condition, __FILE__, __LINE__, __PRETTY_FUNCTION__))
#else
#define assert(condition) \
    ((condition) ? (void)0 : __assert_fail(#condition, __FILE__, __LINE__, __func__))
#endif
#endif

#ifndef NOLIBC_ASSERT_H
#define NOLIBC_ASSERT_H

#if !defined(__cplusplus) && !defined(static_assert)
#define static_assert _Static_assert
#endif

NOLIBC_BEGIN

NOLIBC_NORETURN void __assert_fail(const char *text, const char *file, unsigned int line,
                                   const char *function);
/* For objects compiled against ocaml-solo5's header. */
NOLIBC_NORETURN void _assert_fail(const char *file, const char *line, const char *text);

NOLIBC_END

#endif
