//! `<sys/statvfs.h>`
