/*
 * xen.h: event channels, grants and xenstore, for a domain that talks with
 * other domains by itself. Only images for Xen have these functions. Devices
 * (solo5.h) need none of them, and mirage-xen has its own.
 *
 * Unless a function says otherwise it answers 0 or a negative errno (Linux
 * values): what it says here, else what Xen answers. Domains, ports and
 * references are numbers that the two sides tell each other, by xenstore for
 * example. All functions can be called from any thread.
 *
 * A domain that was saved and restored is another one (xl save, xl migrate):
 * its ports are closed, what it granted is granted to nobody, and pages of other
 * domains are not mapped any more.
 *
 * Source: Xen 4.17, public/event_channel.h, public/grant_table.h and
 * docs/misc/xenstore.txt.
 */
#ifndef NOLIBC_XEN_H
#define NOLIBC_XEN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XEN_PAGE 4096 /* bytes */

/*
 * Event channels. One side offers a port, the other one binds it and has a port
 * of its own. An event that comes stays until it is taken; several are one. A
 * port that was just bound has an event.
 */
int xen_event_offer(uint16_t domain, uint32_t *port);
int xen_event_bind(uint16_t domain, uint32_t remote_port, uint32_t *port);
int xen_event_close(uint32_t port);

/* Have an event come to the other side. */
int xen_event_notify(uint32_t port);

/*
 * Take the event: 1, or 0 if none came. Whoever takes it before he looks at what
 * it stands for misses nothing.
 */
int xen_event_take(uint32_t port);

/*
 * Take the event when it comes. -ETIMEDOUT: none did until deadline, in
 * nanoseconds of solo5_clock_monotonic. The CPU halts meanwhile, as it does for
 * a block device: other threads run if they are preempted (machine_tick).
 */
int xen_event_wait(uint32_t port, uint64_t deadline);

/* A masked event is still taken, but ends no wait of any function's. */
int xen_event_mask(uint32_t port);
int xen_event_unmask(uint32_t port);

/*
 * Pages of this domain that another one may use. `page` is XEN_PAGE bytes, so
 * aligned, at an address of the heap (not of mmap on a machine with
 * MACHINE_PAGES), which are to be read and written as what somebody else
 * changes at any time. -EINVAL: it is not that. -EBUSY: it is granted already.
 * -ENOMEM: no entry of the table is free.
 */
int xen_grant(uint16_t domain, void *page, int writable, uint32_t *reference);

/* Grant it no more. -EBUSY: it is in use, and stays granted. */
int xen_grant_end(uint32_t reference);

/*
 * Pages of another domain: `page` is where it is, until it is unmapped; the
 * other domain cannot take it away. -ENODEV: there is no such domain. -EIO: it
 * did not grant that to this one, or not for writing. -ENOENT: it cannot have.
 * -EAGAIN: not now. -ENOMEM: 512 are mapped, or Xen has no room. The area of
 * solo5__xen_get_gntmap_area is where they lie: for either, not for both.
 */
int xen_grant_map(uint16_t domain, uint32_t reference, int writable, void **page);

/* -EINVAL: that is no such page. */
int xen_grant_unmap(void *page);

/*
 * Copy from or to a granted page, without mapping it. -EINVAL: the bytes do not
 * lie in one page, on either side, or ours are not at an address of the heap.
 * Else as xen_grant_map.
 */
int xen_grant_copy_from(uint16_t domain, uint32_t reference, size_t offset, void *to, size_t len);
int xen_grant_copy_to(uint16_t domain, uint32_t reference, size_t offset, const void *from, size_t len);

/*
 * Xenstore. A path that begins with no slash is this domain's own. Values are
 * bytes; a value read is terminated besides. -ENOENT: there is none. -EACCES:
 * not this domain's. -ERANGE: it has more than size - 1 bytes. -ENOSYS: there is
 * no xenstore. -EIO: it does not answer, or answers nonsense. -EAGAIN: another
 * thread used it for 10 s.
 */
int xen_store_read(const char *path, char *value, size_t size);
int xen_store_write(const char *path, const char *value);

#ifdef __cplusplus
}
#endif

#endif
