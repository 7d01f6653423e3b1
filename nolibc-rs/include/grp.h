/* <grp.h>: groups, of which there are none */
#ifndef NOLIBC_GRP_H
#define NOLIBC_GRP_H

#include <features.h>
#include <sys/types.h>

struct group {
    char *gr_name;
    char *gr_passwd;
    gid_t gr_gid;
    char **gr_mem;
};

NOLIBC_BEGIN

void endgrent(void);
struct group *getgrent(void);
struct group *getgrgid(gid_t gid);
int getgrgid_r(gid_t gid, struct group *group, char *buffer, size_t len,
               struct group **result);
struct group *getgrnam(const char *name);
int getgrnam_r(const char *name, struct group *group, char *buffer, size_t len,
               struct group **result);
int initgroups(const char *user, gid_t gid);
void setgrent(void);
int setgroups(size_t count, const gid_t *groups);

NOLIBC_END

#endif
