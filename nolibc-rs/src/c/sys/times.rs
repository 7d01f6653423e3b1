//! `<sys/times.h>`
