//! `<pthread.h>`
