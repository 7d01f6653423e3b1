/* <sys/socket.h>: sockets */
#ifndef NOLIBC_SYS_SOCKET_H
#define NOLIBC_SYS_SOCKET_H

#include <features.h>
#include <sys/types.h>
#include <sys/uio.h>
#define NOLIBC_NEED_socklen_t
#define NOLIBC_NEED_sa_family_t
#include <_nolibc/types.h>

struct sockaddr {
    sa_family_t sa_family;
    char sa_data[14];
};

struct sockaddr_storage {
    sa_family_t ss_family;
    char padding[118];
    unsigned long alignment;
};

struct linger {
    int l_onoff;
    int l_linger;
};

struct msghdr {
    void *msg_name;
    socklen_t msg_namelen;
    struct iovec *msg_iov;
    size_t msg_iovlen;
    void *msg_control;
    size_t msg_controllen;
    int msg_flags;
};

struct cmsghdr {
    size_t cmsg_len;
    int cmsg_level;
    int cmsg_type;
};

struct ucred {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};

#define CMSG_ALIGN(len) (((len) + sizeof(size_t) - 1) & ~(sizeof(size_t) - 1))
#define CMSG_SPACE(len) (CMSG_ALIGN(len) + CMSG_ALIGN(sizeof(struct cmsghdr)))
#define CMSG_LEN(len) (CMSG_ALIGN(sizeof(struct cmsghdr)) + (len))
#define CMSG_DATA(message) ((unsigned char *)((struct cmsghdr *)(message) + 1))
#define CMSG_FIRSTHDR(header) \
    ((header)->msg_controllen >= sizeof(struct cmsghdr) \
         ? (struct cmsghdr *)(header)->msg_control \
         : (struct cmsghdr *)0)
#define CMSG_NXTHDR(header, message) \
    ((message)->cmsg_len < sizeof(struct cmsghdr) || \
             CMSG_ALIGN((message)->cmsg_len) + sizeof(struct cmsghdr) > \
                 (size_t)((char *)(header)->msg_control + \
                          (header)->msg_controllen - (char *)(message)) \
         ? (struct cmsghdr *)0 \
         : (struct cmsghdr *)(void *)((char *)(message) + \
                                      CMSG_ALIGN((message)->cmsg_len)))

#define SCM_RIGHTS 1
#define SCM_CREDENTIALS 2

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define SOCK_SEQPACKET 5
#define SOCK_NONBLOCK 04000
#define SOCK_CLOEXEC 02000000

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_LOCAL AF_UNIX
#define AF_INET 2
#define AF_INET6 10
#define PF_UNSPEC AF_UNSPEC
#define PF_UNIX AF_UNIX
#define PF_LOCAL AF_LOCAL
#define PF_INET AF_INET
#define PF_INET6 AF_INET6

#define SOL_SOCKET 1
#define SO_DEBUG 1
#define SO_REUSEADDR 2
#define SO_TYPE 3
#define SO_ERROR 4
#define SO_DONTROUTE 5
#define SO_BROADCAST 6
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SO_KEEPALIVE 9
#define SO_OOBINLINE 10
#define SO_LINGER 13
#define SO_REUSEPORT 15
#define SO_PASSCRED 16
#define SO_PEERCRED 17
#define SO_RCVLOWAT 18
#define SO_SNDLOWAT 19
#define SO_RCVTIMEO 20
#define SO_SNDTIMEO 21
#define SO_ACCEPTCONN 30
#define SO_PROTOCOL 38
#define SO_DOMAIN 39
#define SOMAXCONN 4096

#define MSG_OOB 0x01
#define MSG_PEEK 0x02
#define MSG_DONTROUTE 0x04
#define MSG_CTRUNC 0x08
#define MSG_TRUNC 0x20
#define MSG_DONTWAIT 0x40
#define MSG_EOR 0x80
#define MSG_WAITALL 0x100
#define MSG_NOSIGNAL 0x4000
#define MSG_CMSG_CLOEXEC 0x40000000

#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2

NOLIBC_BEGIN

int accept(int fd, struct sockaddr *__restrict address, socklen_t *__restrict len);
int accept4(int fd, struct sockaddr *__restrict address, socklen_t *__restrict len,
            int flags);
int bind(int fd, const struct sockaddr *address, socklen_t len);
int connect(int fd, const struct sockaddr *address, socklen_t len);
int getpeername(int fd, struct sockaddr *__restrict address,
                socklen_t *__restrict len);
int getsockname(int fd, struct sockaddr *__restrict address,
                socklen_t *__restrict len);
int getsockopt(int fd, int level, int option, void *__restrict value,
               socklen_t *__restrict len);
int listen(int fd, int backlog);
ssize_t recv(int fd, void *buffer, size_t len, int flags);
ssize_t recvfrom(int fd, void *__restrict buffer, size_t len, int flags,
                 struct sockaddr *__restrict address,
                 socklen_t *__restrict address_len);
ssize_t recvmsg(int fd, struct msghdr *message, int flags);
ssize_t send(int fd, const void *buffer, size_t len, int flags);
ssize_t sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t sendto(int fd, const void *buffer, size_t len, int flags,
               const struct sockaddr *address, socklen_t address_len);
int setsockopt(int fd, int level, int option, const void *value, socklen_t len);
int shutdown(int fd, int how);
int sockatmark(int fd);
int socket(int domain, int type, int protocol);
int socketpair(int domain, int type, int protocol, int *fds);

NOLIBC_END

#endif
