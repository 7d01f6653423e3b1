//! `<sys/types.h>`
