//! `<sys/shm.h>`
