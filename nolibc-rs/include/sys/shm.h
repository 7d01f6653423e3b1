/* <sys/shm.h>: System V shared memory, of which there is none */
#ifndef NOLIBC_SYS_SHM_H
#define NOLIBC_SYS_SHM_H

#include <features.h>
#include <sys/ipc.h>
#include <sys/types.h>

#define SHM_RDONLY 010000
#define SHM_RND 020000
#define SHM_REMAP 040000
#define SHM_EXEC 0100000

typedef unsigned long shmatt_t;

struct shmid_ds {
    struct ipc_perm shm_perm;
    size_t shm_segsz;
    time_t shm_atime;
    time_t shm_dtime;
    time_t shm_ctime;
    pid_t shm_cpid;
    pid_t shm_lpid;
    shmatt_t shm_nattch;
};

NOLIBC_BEGIN

void *shmat(int id, const void *address, int flags);
int shmctl(int id, int command, struct shmid_ds *status);
int shmdt(const void *address);
int shmget(key_t key, size_t len, int flags);

NOLIBC_END

#endif
