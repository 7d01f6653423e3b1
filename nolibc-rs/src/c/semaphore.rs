//! `<semaphore.h>`
