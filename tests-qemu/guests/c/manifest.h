/* The manifest of a guest: MANIFEST(BLOCK("disk0"), NET("service0")). The
 * number of devices stands in DEVICES beforehand. */
#ifndef MANIFEST_H
#define MANIFEST_H

#define MFT_ENTRIES (1 + DEVICES)
#include <mft_abi.h>

#define BLOCK(device) {.name = device, .type = MFT_DEV_BLOCK_BASIC}
#define NET(device)   {.name = device, .type = MFT_DEV_NET_BASIC}
#define MANIFEST(...)                                                          \
    MFT1_NOTE_DECLARE_BEGIN                                                    \
    {.version = MFT_VERSION,                                                   \
     .entries = MFT_ENTRIES,                                                   \
     .e = {{.name = "", .type = MFT_RESERVED_FIRST}, __VA_ARGS__}}             \
    MFT1_NOTE_DECLARE_END

#endif
