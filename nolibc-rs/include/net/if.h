/* <net/if.h>: network interfaces, of which there are none */
#ifndef NOLIBC_NET_IF_H
#define NOLIBC_NET_IF_H

#include <features.h>

#define IF_NAMESIZE 16
#define IFNAMSIZ IF_NAMESIZE

struct if_nameindex {
    unsigned if_index;
    char *if_name;
};

NOLIBC_BEGIN

void if_freenameindex(struct if_nameindex *list);
char *if_indextoname(unsigned index, char *name);
struct if_nameindex *if_nameindex(void);
unsigned if_nametoindex(const char *name);

NOLIBC_END

#endif
