//! `<sys/auxv.h>`
