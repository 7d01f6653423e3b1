/* No sockets and no resolver: each call says so; addresses as text work.
 *
 * @expect ok:
 */
#include "check.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

static void sockets(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    struct sockaddr *any = (struct sockaddr *)&address;
    socklen_t len = sizeof address;
    struct msghdr message = {0};
    int ends[2], value = 1;
    char buffer[4];

    CHECK_FAILS(socket(AF_INET, SOCK_STREAM, 0), EAFNOSUPPORT);
    CHECK_FAILS(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), EAFNOSUPPORT);
    CHECK_FAILS(bind(99, any, len), EBADF);
    CHECK_FAILS(bind(1, any, len), ENOTSOCK);
    CHECK_FAILS(connect(1, any, len), ENOTSOCK);
    CHECK_FAILS(listen(1, 5), ENOTSOCK);
    CHECK_FAILS(accept(1, any, &len), ENOTSOCK);
    CHECK_FAILS(accept4(-1, NULL, NULL, SOCK_CLOEXEC), EBADF);
    CHECK_FAILS(getsockname(1, any, &len), ENOTSOCK);
    CHECK_FAILS(getpeername(1, any, &len), ENOTSOCK);
    CHECK_FAILS(getsockopt(1, SOL_SOCKET, SO_ERROR, &value, &len), ENOTSOCK);
    CHECK_FAILS(setsockopt(1, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value), ENOTSOCK);
    CHECK_FAILS(recv(1, buffer, 4, 0), ENOTSOCK);
    CHECK_FAILS(recvfrom(1, buffer, 4, 0, any, &len), ENOTSOCK);
    CHECK_FAILS(recvmsg(99, &message, 0), EBADF);
    CHECK_FAILS(send(1, buffer, 4, 0), ENOTSOCK);
    CHECK_FAILS(sendto(1, buffer, 4, 0, any, len), ENOTSOCK);
    CHECK_FAILS(sendmsg(1, &message, 0), ENOTSOCK);
    CHECK_FAILS(shutdown(1, SHUT_RDWR), ENOTSOCK);
    CHECK(if_nametoindex("eth0") == 0 && errno == ENODEV);
}

static void text(void)
{
    char buffer[INET6_ADDRSTRLEN];
    struct in_addr v4;
    struct in6_addr v6;

    CHECK_INT(htonl(0x01020304), 0x04030201);
    CHECK_INT(ntohs(htons(0x1234)), 0x1234);
    CHECK_INT(inet_pton(AF_INET, "127.0.0.1", &v4), 1);
    CHECK_INT(ntohl(v4.s_addr), INADDR_LOOPBACK);
    CHECK_STR(inet_ntop(AF_INET, &v4, buffer, sizeof buffer), "127.0.0.1");
    CHECK_STR(inet_ntoa(v4), "127.0.0.1");
    CHECK_INT(inet_pton(AF_INET, "127.1", &v4), 0);
    CHECK_INT(inet_pton(AF_INET6, "2001:db8::1", &v6), 1);
    CHECK_STR(inet_ntop(AF_INET6, &v6, buffer, sizeof buffer), "2001:db8::1");
    CHECK_STR(inet_ntop(AF_INET6, &in6addr_loopback, buffer, sizeof buffer), "::1");
    CHECK_STR(inet_ntop(AF_INET6, &in6addr_any, buffer, sizeof buffer), "::");
    CHECK(inet_ntop(AF_INET6, &v6, buffer, 5) == NULL && errno == ENOSPC);
    CHECK(inet_ntop(77, &v6, buffer, 5) == NULL && errno == EAFNOSUPPORT);
    CHECK_FAILS(inet_pton(77, "1.2.3.4", &v4), EAFNOSUPPORT);
    CHECK_INT(inet_addr("10.1"), htonl(0x0a000001));
    CHECK_INT(inet_addr("nonsense"), INADDR_NONE);
    CHECK_INT(inet_aton("0x7f.1", &v4), 1);
}

static void names(void)
{
    struct addrinfo hints = {0}, *list;
    struct hostent *host;
    char node[64], service[16];

    hints.ai_socktype = SOCK_STREAM;
    CHECK_INT(getaddrinfo("10.0.0.7", "80", &hints, &list), 0);
    CHECK_INT(list->ai_family, AF_INET);
    CHECK_INT(((struct sockaddr_in *)list->ai_addr)->sin_port, htons(80));
    CHECK(list->ai_next == NULL);
    CHECK_INT(getnameinfo(list->ai_addr, list->ai_addrlen, node, sizeof node, service,
                          sizeof service, 0), 0);
    CHECK_STR(node, "10.0.0.7");
    CHECK_STR(service, "80");
    CHECK_INT(getnameinfo(list->ai_addr, list->ai_addrlen, node, sizeof node, NULL, 0,
                          NI_NAMEREQD), EAI_NONAME);
    CHECK_INT(getnameinfo(list->ai_addr, list->ai_addrlen, node, 3, NULL, 0, 0), EAI_OVERFLOW);
    freeaddrinfo(list);
    CHECK_INT(getaddrinfo("fe80::1", NULL, NULL, &list), 0);
    CHECK_INT(list->ai_addrlen, sizeof(struct sockaddr_in6));
    freeaddrinfo(list);
    hints.ai_flags = AI_PASSIVE;
    CHECK_INT(getaddrinfo(NULL, "8080", &hints, &list), 0);
    CHECK(list->ai_next != NULL && list->ai_next->ai_family == AF_INET6);
    freeaddrinfo(list);
    CHECK_INT(getaddrinfo("example.org", "80", NULL, &list), EAI_FAIL);
    CHECK_INT(getaddrinfo("10.0.0.7", "http", NULL, &list), EAI_SERVICE);
    CHECK_INT(getaddrinfo("10.0.0.7", "70000", NULL, &list), EAI_SERVICE);
    CHECK_INT(getaddrinfo(NULL, NULL, NULL, &list), EAI_NONAME);
    hints.ai_family = 77;
    CHECK_INT(getaddrinfo("10.0.0.7", NULL, &hints, &list), EAI_FAMILY);
    CHECK(gai_strerror(EAI_NONAME) != NULL);
    host = gethostbyname("192.168.0.1");
    CHECK(host != NULL && host->h_addrtype == AF_INET && host->h_aliases[0] == NULL);
    CHECK(memcmp(host->h_addr, "\300\250\0\1", 4) == 0 && host->h_addr_list[1] == NULL);
    CHECK(gethostbyname("example.org") == NULL && h_errno == NO_RECOVERY);
    CHECK(gethostbyaddr("\1\2\3\4", 4, AF_INET) == NULL && h_errno == HOST_NOT_FOUND);
    CHECK(getservbyname("http", "tcp") == NULL);
    CHECK(getprotobyname("tcp") == NULL);
}

int main(void)
{
    sockets();
    text();
    names();
    return check_done();
}
