/* <arpa/inet.h>: Internet addresses as text */
#ifndef NOLIBC_ARPA_INET_H
#define NOLIBC_ARPA_INET_H

#include <features.h>
#include <netinet/in.h>
#include <stdint.h>

NOLIBC_BEGIN

uint32_t htonl(uint32_t value);
uint16_t htons(uint16_t value);
in_addr_t inet_addr(const char *text);
int inet_aton(const char *text, struct in_addr *address);
in_addr_t inet_lnaof(struct in_addr address);
struct in_addr inet_makeaddr(in_addr_t net, in_addr_t host);
in_addr_t inet_netof(struct in_addr address);
in_addr_t inet_network(const char *text);
char *inet_ntoa(struct in_addr address);
const char *inet_ntop(int family, const void *__restrict address,
                      char *__restrict text, socklen_t len);
int inet_pton(int family, const char *__restrict text, void *__restrict address);
uint32_t ntohl(uint32_t value);
uint16_t ntohs(uint16_t value);

NOLIBC_END

#endif
