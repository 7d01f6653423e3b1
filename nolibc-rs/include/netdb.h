/* <netdb.h>: host and service names */
#ifndef NOLIBC_NETDB_H
#define NOLIBC_NETDB_H

#include <features.h>
#include <stdint.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct hostent {
    char *h_name;
    char **h_aliases;
    int h_addrtype;
    int h_length;
    char **h_addr_list;
};
#define h_addr h_addr_list[0]

struct netent {
    char *n_name;
    char **n_aliases;
    int n_addrtype;
    uint32_t n_net;
};

struct protoent {
    char *p_name;
    char **p_aliases;
    int p_proto;
};

struct servent {
    char *s_name;
    char **s_aliases;
    int s_port;
    char *s_proto;
};

struct addrinfo {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    socklen_t ai_addrlen;
    struct sockaddr *ai_addr;
    char *ai_canonname;
    struct addrinfo *ai_next;
};

#define AI_PASSIVE 0x01
#define AI_CANONNAME 0x02
#define AI_NUMERICHOST 0x04
#define AI_V4MAPPED 0x08
#define AI_ALL 0x10
#define AI_ADDRCONFIG 0x20
#define AI_NUMERICSERV 0x400

#define NI_NUMERICHOST 1
#define NI_NUMERICSERV 2
#define NI_NOFQDN 4
#define NI_NAMEREQD 8
#define NI_DGRAM 16
#define NI_MAXHOST 1025
#define NI_MAXSERV 32

#define EAI_BADFLAGS (-1)
#define EAI_NONAME (-2)
#define EAI_AGAIN (-3)
#define EAI_FAIL (-4)
#define EAI_NODATA (-5)
#define EAI_FAMILY (-6)
#define EAI_SOCKTYPE (-7)
#define EAI_SERVICE (-8)
#define EAI_MEMORY (-10)
#define EAI_SYSTEM (-11)
#define EAI_OVERFLOW (-12)

#define HOST_NOT_FOUND 1
#define TRY_AGAIN 2
#define NO_RECOVERY 3
#define NO_DATA 4
#define NO_ADDRESS NO_DATA

#define IPPORT_RESERVED 1024

#define h_errno (*__h_errno_location())

NOLIBC_BEGIN

int *__h_errno_location(void);

void endhostent(void);
void endnetent(void);
void endprotoent(void);
void endservent(void);
void freeaddrinfo(struct addrinfo *list);
const char *gai_strerror(int error);
int getaddrinfo(const char *__restrict host, const char *__restrict service,
                const struct addrinfo *__restrict hints,
                struct addrinfo **__restrict result);
struct hostent *gethostbyaddr(const void *address, socklen_t len, int family);
int gethostbyaddr_r(const void *address, socklen_t len, int family,
                    struct hostent *host, char *buffer, size_t buffer_len,
                    struct hostent **result, int *error);
struct hostent *gethostbyname(const char *name);
int gethostbyname_r(const char *name, struct hostent *host, char *buffer,
                    size_t buffer_len, struct hostent **result, int *error);
struct hostent *gethostent(void);
int getnameinfo(const struct sockaddr *__restrict address, socklen_t address_len,
                char *__restrict host, socklen_t host_len,
                char *__restrict service, socklen_t service_len, int flags);
struct netent *getnetbyaddr(uint32_t net, int family);
struct netent *getnetbyname(const char *name);
struct netent *getnetent(void);
struct protoent *getprotobyname(const char *name);
struct protoent *getprotobynumber(int number);
struct protoent *getprotoent(void);
struct servent *getservbyname(const char *name, const char *protocol);
struct servent *getservbyport(int port, const char *protocol);
struct servent *getservent(void);
const char *hstrerror(int error);
void sethostent(int stay_open);
void setnetent(int stay_open);
void setprotoent(int stay_open);
void setservent(int stay_open);

NOLIBC_END

#endif
