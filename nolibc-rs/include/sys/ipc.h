/* <sys/ipc.h>: names of System V objects */
#ifndef NOLIBC_SYS_IPC_H
#define NOLIBC_SYS_IPC_H

#include <features.h>
#include <sys/types.h>

#define IPC_CREAT 01000
#define IPC_EXCL 02000
#define IPC_NOWAIT 04000
#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2
#define IPC_PRIVATE ((key_t)0)

struct ipc_perm {
    key_t key;
    uid_t uid;
    gid_t gid;
    uid_t cuid;
    gid_t cgid;
    mode_t mode;
    unsigned short seq;
};

NOLIBC_BEGIN

key_t ftok(const char *path, int project);

NOLIBC_END

#endif
