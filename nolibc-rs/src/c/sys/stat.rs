//! `<sys/stat.h>`
