/* <pwd.h>: users, of which there are none */
#ifndef NOLIBC_PWD_H
#define NOLIBC_PWD_H

#include <features.h>
#include <sys/types.h>

struct passwd {
    char *pw_name;
    char *pw_passwd;
    uid_t pw_uid;
    gid_t pw_gid;
    char *pw_gecos;
    char *pw_dir;
    char *pw_shell;
};

NOLIBC_BEGIN

void endpwent(void);
struct passwd *getpwent(void);
struct passwd *getpwnam(const char *name);
int getpwnam_r(const char *name, struct passwd *user, char *buffer, size_t len,
               struct passwd **result);
struct passwd *getpwuid(uid_t uid);
int getpwuid_r(uid_t uid, struct passwd *user, char *buffer, size_t len,
               struct passwd **result);
void setpwent(void);

NOLIBC_END

#endif
