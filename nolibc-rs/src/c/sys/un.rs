//! `<sys/un.h>`
