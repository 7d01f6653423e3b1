//! `<sys/mman.h>`
