/*
 * mft_abi.h: the application manifest, an ELF note that names the devices a
 * unikernel uses. Layout and names as in Solo5's header of this name (manifest
 * version 1), because `solo5-elftool gen-manifest` writes C that includes it.
 */
#ifndef MFT_ABI_H
#define MFT_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MFT_VERSION     1
#define MFT_MAX_ENTRIES 64
#define MFT_NAME_SIZE   68 /* bytes, terminator included */
#define MFT_NAME_MAX    67

typedef enum mft_type {
    MFT_DEV_BLOCK_BASIC = 1,
    MFT_DEV_NET_BASIC,
    MFT_RESERVED_FIRST = (1U << 30) /* the first entry of every manifest */
} mft_type_t;

struct mft_block_basic {
    uint64_t capacity;
    uint16_t block_size;
};

struct mft_net_basic {
    uint8_t mac[6];
    uint16_t mtu;
};

/* The tender fills in all but name and type. */
struct mft_entry {
    char name[MFT_NAME_SIZE];
    mft_type_t type;
    union {
        struct mft_block_basic block_basic;
        struct mft_net_basic net_basic;
    } u;
    union {
        int hostfd;
        void *data;
    } b;
    bool attached;
};

/* Defined by whoever declares a manifest, before this header is included. */
#ifndef MFT_ENTRIES
#define MFT_ENTRIES
#else
_Static_assert(MFT_ENTRIES <= MFT_MAX_ENTRIES, "too many manifest entries");
#endif

struct mft {
    uint32_t version;
    uint32_t entries;
    struct mft_entry e[MFT_ENTRIES];
};

#define MFT1_NOTE_NAME "Solo5"
#define MFT1_NOTE_TYPE 0x3154464d /* "MFT1" */

struct mft1_nhdr {
    uint32_t n_namesz;
    uint32_t n_descsz;
    uint32_t n_type;
    char n_name[8]; /* the name, padded to a multiple of four */
};

struct mft1_note {
    struct mft1_nhdr h;
    struct mft m; /* its alignment leaves four bytes, which n_descsz counts */
};

#define MFT1_NOTE_ALIGN _Alignof(struct mft)
#define MFT1_NOTE_MAX_SIZE                                                     \
    (sizeof(struct mft1_note) - sizeof(struct mft1_nhdr) +                     \
     MFT_MAX_ENTRIES * sizeof(struct mft_entry))

/* MFT1_NOTE_DECLARE_BEGIN { .version = ..., ... } MFT1_NOTE_DECLARE_END */
#define MFT1_NOTE_DECLARE_BEGIN                                                \
    const struct mft1_note __solo5_mft1_note                                   \
        __attribute__((section(".note.solo5.manifest"), aligned(4))) = {       \
            .h = {.n_namesz = sizeof(MFT1_NOTE_NAME),                          \
                  .n_descsz =                                                  \
                      sizeof(struct mft1_note) - sizeof(struct mft1_nhdr),     \
                  .n_type = MFT1_NOTE_TYPE,                                    \
                  .n_name = MFT1_NOTE_NAME},                                   \
            .m =
#define MFT1_NOTE_DECLARE_END                                                  \
    }                                                                          \
    ;

#endif
