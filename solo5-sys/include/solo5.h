/*
 * solo5.h: what a unikernel may ask of the machine it runs on.
 *
 * Same names, types, values and calling convention as Solo5's own header
 * (0.7 up to 0.12), so that objects compiled against either one link with
 * either set of backends. A backend is chosen at link time.
 *
 * Unless a function says otherwise: it may be called from the boot stack or any
 * other stack, not from a fault handler, and by one thread at a time, but those
 * of devices by several; a null pointer is refused where there is an error to
 * answer and ignored where there is none. A call on a device that was never
 * acquired answers SOLO5_R_EINVAL.
 */
#ifndef NOLIBC_SOLO5_H
#define NOLIBC_SOLO5_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    SOLO5_R_OK = 0,  /* done */
    SOLO5_R_AGAIN,   /* not now: the same call may succeed later */
    SOLO5_R_EINVAL,  /* an argument is wrong */
    SOLO5_R_EUNSPEC  /* failed, without a reason that can be named */
} solo5_result_t;

/* Start and end. */

struct solo5_start_info {
    const char *cmdline;  /* without the options meant for Solo5 itself */
    uintptr_t heap_start; /* page-aligned */
    size_t heap_size;     /* bytes, readable and writable, one piece */
};

/*
 * The program's entry, which the program defines. The boot stack grows down
 * from heap_start + heap_size, inside the heap, or lies above the heap with a
 * guard page in between. Returning n is solo5_exit(n).
 */
int solo5_app_main(const struct solo5_start_info *info);

#define SOLO5_EXIT_SUCCESS 0
#define SOLO5_EXIT_FAILURE 1
#define SOLO5_EXIT_ABORT   255 /* and above: reserved for the machine */

/* End the machine. The status reaches the host where it can carry one. */
void solo5_exit(int status) __attribute__((noreturn));

/* End the machine with SOLO5_EXIT_ABORT and say so on the console. */
void solo5_abort(void) __attribute__((noreturn));

/*
 * Thread-local storage, local-exec model. Solo5 0.7 has only
 * solo5_set_tls_base; nolibc itself uses no other.
 */

/* Bytes of a block that holds one thread's variables and its thread pointer. */
size_t solo5_tls_size(void);

/* The thread pointer that belongs to the block at tls. */
uintptr_t solo5_tls_tp_offset(uintptr_t tls);

/* Copy the initial values into the block at tls; SOLO5_R_EINVAL for 0. */
solo5_result_t solo5_tls_init(uintptr_t tls);

/*
 * Make base the thread pointer. SOLO5_R_EINVAL: the CPU cannot take this
 * address.
 */
solo5_result_t solo5_set_tls_base(uintptr_t base);

/* Time, in nanoseconds. */

typedef uint64_t solo5_time_t;

/* Since some moment in the past; never goes back. */
solo5_time_t solo5_clock_monotonic(void);

/* Since 1970-01-01 00:00 UTC, as the host tells it. */
solo5_time_t solo5_clock_wall(void);

/* Handles of devices, and sets of them: bit n is handle n. */

typedef uint64_t solo5_handle_t;
typedef uint64_t solo5_handle_set_t;

/*
 * Sleep until the monotonic clock reaches deadline or a network device has a
 * packet. ready_set, unless null, receives the devices that have one. Only
 * what machine_console_read says can end it before that, with an empty set.
 */
void solo5_yield(solo5_time_t deadline, solo5_handle_set_t *ready_set);

/* Console: best effort, output may be lost where the host cannot take it. */
void solo5_console_write(const char *buf, size_t size);

/* Network: Ethernet frames, header included, without the checksum. */

#define SOLO5_NET_ALEN 6  /* bytes of an address */
#define SOLO5_NET_HLEN 14 /* bytes of a frame's header */

struct solo5_net_info {
    uint8_t mac_address[SOLO5_NET_ALEN];
    size_t mtu; /* bytes, without the header */
};

/*
 * Take the network device that the manifest calls name. SOLO5_R_EINVAL: there
 * is none of this name, or it was taken before. SOLO5_R_EUNSPEC: this machine
 * has no driver for it.
 */
solo5_result_t solo5_net_acquire(const char *name, solo5_handle_t *handle,
                                 struct solo5_net_info *info);

/*
 * Send one frame of at most mtu + SOLO5_NET_HLEN bytes, without waiting; it is
 * dropped silently when the device is busy.
 */
solo5_result_t solo5_net_write(solo5_handle_t handle, const uint8_t *buf,
                               size_t size);

/*
 * Receive one frame without waiting; SOLO5_R_AGAIN when there is none. size is
 * at least mtu + SOLO5_NET_HLEN; *read_size receives the frame's own size.
 */
solo5_result_t solo5_net_read(solo5_handle_t handle, uint8_t *buf, size_t size,
                              size_t *read_size);

/* Block devices: offsets and sizes in bytes, in whole blocks. */

typedef uint64_t solo5_off_t;

struct solo5_block_info {
    solo5_off_t capacity;
    solo5_off_t block_size;
};

/* Take the block device that the manifest calls name; as solo5_net_acquire. */
solo5_result_t solo5_block_acquire(const char *name, solo5_handle_t *handle,
                                   struct solo5_block_info *info);

/*
 * Write or read exactly size bytes at offset: one block, aligned to one, or
 * SOLO5_R_EINVAL. Nothing is transferred in part.
 */
solo5_result_t solo5_block_write(solo5_handle_t handle, solo5_off_t offset,
                                 const uint8_t *buf, size_t size);
solo5_result_t solo5_block_read(solo5_handle_t handle, solo5_off_t offset,
                                uint8_t *buf, size_t size);

#ifdef __cplusplus
}
#endif

#endif
