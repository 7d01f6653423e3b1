/* <sys/types.h>: POSIX.1-2024. */
#ifndef NOLIBC_SYS_TYPES_H
#define NOLIBC_SYS_TYPES_H

#include <features.h>
#define NOLIBC_NEED_size_t
#define NOLIBC_NEED_ssize_t
#define NOLIBC_NEED_off_t
#define NOLIBC_NEED_time_t
#define NOLIBC_NEED_suseconds_t
#define NOLIBC_NEED_useconds_t
#define NOLIBC_NEED_clock_t
#define NOLIBC_NEED_clockid_t
#define NOLIBC_NEED_timer_t
#define NOLIBC_NEED_pid_t
#define NOLIBC_NEED_uid_t
#define NOLIBC_NEED_gid_t
#define NOLIBC_NEED_id_t
#define NOLIBC_NEED_mode_t
#define NOLIBC_NEED_dev_t
#define NOLIBC_NEED_ino_t
#define NOLIBC_NEED_nlink_t
#define NOLIBC_NEED_blksize_t
#define NOLIBC_NEED_blkcnt_t
#define NOLIBC_NEED_fsblkcnt_t
#define NOLIBC_NEED_fsfilcnt_t
#define NOLIBC_NEED_key_t
#define NOLIBC_NEED_pthread_t
#include <_nolibc/types.h>

/* BSD's short names. */
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef __UINT8_TYPE__ u_int8_t;
typedef __UINT16_TYPE__ u_int16_t;
typedef __UINT32_TYPE__ u_int32_t;
typedef __UINT64_TYPE__ u_int64_t;
typedef char *caddr_t;

#endif
