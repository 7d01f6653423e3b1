/* <sys/un.h>: addresses of local sockets */
#ifndef NOLIBC_SYS_UN_H
#define NOLIBC_SYS_UN_H

#include <stddef.h>
#include <sys/socket.h>

struct sockaddr_un {
    sa_family_t sun_family;
    char sun_path[108];
};

#define SUN_LEN(address) \
    (offsetof(struct sockaddr_un, sun_path) + __builtin_strlen((address)->sun_path))

#endif
