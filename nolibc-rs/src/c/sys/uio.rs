//! `<sys/uio.h>`
