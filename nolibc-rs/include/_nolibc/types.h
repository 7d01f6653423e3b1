/* Every type that more than one header has to define, once. A header says which
 * ones it needs before it includes this file:
 *
 *     #define NOLIBC_NEED_time_t
 *     #include <_nolibc/types.h>
 *
 * There is no include guard; each type has its own. Values are those of Linux
 * on x86_64. */

#ifdef NOLIBC_NEED_size_t
#define __need_size_t
#include <stddef.h>
#undef NOLIBC_NEED_size_t
#endif

#ifdef NOLIBC_NEED_wchar_t
#define __need_wchar_t
#include <stddef.h>
#undef NOLIBC_NEED_wchar_t
#endif

#ifdef NOLIBC_NEED_wint_t
#define __need_wint_t
#include <stddef.h>
#undef NOLIBC_NEED_wint_t
#endif

#ifdef NOLIBC_NEED_NULL
#define __need_NULL
#include <stddef.h>
#undef NOLIBC_NEED_NULL
#endif

#ifdef NOLIBC_NEED_struct_itimerspec
#define NOLIBC_NEED_struct_timespec
#define NOLIBC_NEED_time_t
#endif

#ifdef NOLIBC_NEED_struct_itimerval
#define NOLIBC_NEED_struct_timeval
#define NOLIBC_NEED_time_t
#define NOLIBC_NEED_suseconds_t
#endif

#ifdef NOLIBC_NEED_struct_timespec
#define NOLIBC_NEED_time_t
#endif

#ifdef NOLIBC_NEED_struct_timeval
#define NOLIBC_NEED_time_t
#define NOLIBC_NEED_suseconds_t
#endif

#if defined(NOLIBC_NEED_FILE) && !defined(NOLIBC_HAVE_FILE)
#define NOLIBC_HAVE_FILE
typedef struct nolibc_stream FILE;
#endif

#if defined(NOLIBC_NEED_mbstate_t) && !defined(NOLIBC_HAVE_mbstate_t)
#define NOLIBC_HAVE_mbstate_t
typedef struct {
    unsigned int __state[2];
} mbstate_t;
#endif

#if defined(NOLIBC_NEED_ssize_t) && !defined(NOLIBC_HAVE_ssize_t)
#define NOLIBC_HAVE_ssize_t
typedef long ssize_t;
#endif

#if defined(NOLIBC_NEED_off_t) && !defined(NOLIBC_HAVE_off_t)
#define NOLIBC_HAVE_off_t
typedef long off_t;
#endif

#if defined(NOLIBC_NEED_time_t) && !defined(NOLIBC_HAVE_time_t)
#define NOLIBC_HAVE_time_t
typedef long time_t;
#endif

#if defined(NOLIBC_NEED_suseconds_t) && !defined(NOLIBC_HAVE_suseconds_t)
#define NOLIBC_HAVE_suseconds_t
typedef long suseconds_t;
#endif

#if defined(NOLIBC_NEED_useconds_t) && !defined(NOLIBC_HAVE_useconds_t)
#define NOLIBC_HAVE_useconds_t
typedef unsigned int useconds_t;
#endif

#if defined(NOLIBC_NEED_clock_t) && !defined(NOLIBC_HAVE_clock_t)
#define NOLIBC_HAVE_clock_t
typedef long clock_t;
#endif

#if defined(NOLIBC_NEED_clockid_t) && !defined(NOLIBC_HAVE_clockid_t)
#define NOLIBC_HAVE_clockid_t
typedef int clockid_t;
#endif

#if defined(NOLIBC_NEED_pid_t) && !defined(NOLIBC_HAVE_pid_t)
#define NOLIBC_HAVE_pid_t
typedef int pid_t;
#endif

#if defined(NOLIBC_NEED_uid_t) && !defined(NOLIBC_HAVE_uid_t)
#define NOLIBC_HAVE_uid_t
typedef unsigned int uid_t;
#endif

#if defined(NOLIBC_NEED_gid_t) && !defined(NOLIBC_HAVE_gid_t)
#define NOLIBC_HAVE_gid_t
typedef unsigned int gid_t;
#endif

#if defined(NOLIBC_NEED_id_t) && !defined(NOLIBC_HAVE_id_t)
#define NOLIBC_HAVE_id_t
typedef unsigned int id_t;
#endif

#if defined(NOLIBC_NEED_mode_t) && !defined(NOLIBC_HAVE_mode_t)
#define NOLIBC_HAVE_mode_t
typedef unsigned int mode_t;
#endif

#if defined(NOLIBC_NEED_dev_t) && !defined(NOLIBC_HAVE_dev_t)
#define NOLIBC_HAVE_dev_t
typedef unsigned long dev_t;
#endif

#if defined(NOLIBC_NEED_ino_t) && !defined(NOLIBC_HAVE_ino_t)
#define NOLIBC_HAVE_ino_t
typedef unsigned long ino_t;
#endif

#if defined(NOLIBC_NEED_nlink_t) && !defined(NOLIBC_HAVE_nlink_t)
#define NOLIBC_HAVE_nlink_t
typedef unsigned long nlink_t;
#endif

#if defined(NOLIBC_NEED_blksize_t) && !defined(NOLIBC_HAVE_blksize_t)
#define NOLIBC_HAVE_blksize_t
typedef long blksize_t;
#endif

#if defined(NOLIBC_NEED_blkcnt_t) && !defined(NOLIBC_HAVE_blkcnt_t)
#define NOLIBC_HAVE_blkcnt_t
typedef long blkcnt_t;
#endif

#if defined(NOLIBC_NEED_fsblkcnt_t) && !defined(NOLIBC_HAVE_fsblkcnt_t)
#define NOLIBC_HAVE_fsblkcnt_t
typedef unsigned long fsblkcnt_t;
#endif

#if defined(NOLIBC_NEED_fsfilcnt_t) && !defined(NOLIBC_HAVE_fsfilcnt_t)
#define NOLIBC_HAVE_fsfilcnt_t
typedef unsigned long fsfilcnt_t;
#endif

#if defined(NOLIBC_NEED_key_t) && !defined(NOLIBC_HAVE_key_t)
#define NOLIBC_HAVE_key_t
typedef int key_t;
#endif

#if defined(NOLIBC_NEED_timer_t) && !defined(NOLIBC_HAVE_timer_t)
#define NOLIBC_HAVE_timer_t
typedef void *timer_t;
#endif

#if defined(NOLIBC_NEED_socklen_t) && !defined(NOLIBC_HAVE_socklen_t)
#define NOLIBC_HAVE_socklen_t
typedef unsigned int socklen_t;
#endif

#if defined(NOLIBC_NEED_sa_family_t) && !defined(NOLIBC_HAVE_sa_family_t)
#define NOLIBC_HAVE_sa_family_t
typedef unsigned short sa_family_t;
#endif

#if defined(NOLIBC_NEED_locale_t) && !defined(NOLIBC_HAVE_locale_t)
#define NOLIBC_HAVE_locale_t
typedef struct nolibc_locale *locale_t;
#endif

#if defined(NOLIBC_NEED_struct_timespec) && !defined(NOLIBC_HAVE_struct_timespec)
#define NOLIBC_HAVE_struct_timespec
struct timespec {
    time_t tv_sec;
    long tv_nsec;
};
#endif

#if defined(NOLIBC_NEED_struct_timeval) && !defined(NOLIBC_HAVE_struct_timeval)
#define NOLIBC_HAVE_struct_timeval
struct timeval {
    time_t tv_sec;
    suseconds_t tv_usec;
};
#endif

#if defined(NOLIBC_NEED_struct_itimerspec) && !defined(NOLIBC_HAVE_struct_itimerspec)
#define NOLIBC_HAVE_struct_itimerspec
struct itimerspec {
    struct timespec it_interval;
    struct timespec it_value;
};
#endif

#if defined(NOLIBC_NEED_struct_itimerval) && !defined(NOLIBC_HAVE_struct_itimerval)
#define NOLIBC_HAVE_struct_itimerval
struct itimerval {
    struct timeval it_interval;
    struct timeval it_value;
};
#endif

#if defined(NOLIBC_NEED_struct_mallinfo) && !defined(NOLIBC_HAVE_struct_mallinfo)
#define NOLIBC_HAVE_struct_mallinfo
/* Byte counts are size_t, so that they do not wrap at 2 GiB; the members and
 * their order are dlmalloc's. */
struct mallinfo {
    __SIZE_TYPE__ arena;
    __SIZE_TYPE__ ordblks;
    __SIZE_TYPE__ smblks;
    __SIZE_TYPE__ hblks;
    __SIZE_TYPE__ hblkhd;
    __SIZE_TYPE__ usmblks;
    __SIZE_TYPE__ fsmblks;
    __SIZE_TYPE__ uordblks;
    __SIZE_TYPE__ fordblks;
    __SIZE_TYPE__ keepcost;
};
#endif

#if defined(NOLIBC_NEED_sigset_t) && !defined(NOLIBC_HAVE_sigset_t)
#define NOLIBC_HAVE_sigset_t
typedef struct {
    unsigned long __bits[16];
} sigset_t;
#endif

#if defined(NOLIBC_NEED_pthread_t) && !defined(NOLIBC_HAVE_pthread_t)
#define NOLIBC_HAVE_pthread_t
typedef unsigned long pthread_t;
#endif
