//! `<sys/random.h>`
