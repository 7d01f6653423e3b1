/* <sys/statvfs.h>: file systems */
#ifndef NOLIBC_SYS_STATVFS_H
#define NOLIBC_SYS_STATVFS_H

#include <features.h>
#include <sys/types.h>

struct statvfs {
    unsigned long f_bsize;
    unsigned long f_frsize;
    fsblkcnt_t f_blocks;
    fsblkcnt_t f_bfree;
    fsblkcnt_t f_bavail;
    fsfilcnt_t f_files;
    fsfilcnt_t f_ffree;
    fsfilcnt_t f_favail;
    unsigned long f_fsid;
    unsigned long f_flag;
    unsigned long f_namemax;
    int reserved[6];
};

#define ST_RDONLY 1
#define ST_NOSUID 2

NOLIBC_BEGIN

int fstatvfs(int fd, struct statvfs *status);
int statvfs(const char *__restrict path, struct statvfs *__restrict status);

NOLIBC_END

#endif
