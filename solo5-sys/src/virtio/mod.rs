//! QEMU and microVMs, without a tender.
