//! `<sys/time.h>`
