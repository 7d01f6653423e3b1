//! `<sys/select.h>`
