/* What the two sides of `bench xen` do in their own ways: a unikernel by xen.h and solo5.h, a
 * Linux by its devices. A function that fails prints what, and ends the program. */
#ifndef SIDE_H
#define SIDE_H

#include <stddef.h>
#include <stdint.h>

#define PAGE  4096
#define BLOCK 512

/* Called first. */
void side_start(void);
/* End with success. */
void side_end(void);
void side_fail(const char *what);

double now_ns(void);

/* Xenstore: the value once there is one; the longest has 80 bytes. */
void store_await(const char *path, char value[80]);
void store_write(const char *path, const char *value);

/* An event channel; `wait` has one that came before. */
unsigned event_offer(unsigned domain);
unsigned event_bind(unsigned domain, unsigned remote);
void event_notify(unsigned port);
void event_wait(unsigned port);

/* A page that the other domain may write. */
unsigned page_grant(unsigned domain);
/* Copy all of a page of the other one's. */
void page_copy(unsigned domain, unsigned reference, void *to);

/* Blocks of the disk, one at a time, past any cache of this side's. */
unsigned long blocks(void);
void block_read(unsigned long number, void *to);
void block_write(unsigned long number, const void *from);

/* Answer pings to 10.0.0.2 until there is a value at `path`. */
void network_serve(const char *path);

#endif
