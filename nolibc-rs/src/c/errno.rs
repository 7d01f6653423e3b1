//! `<errno.h>`
