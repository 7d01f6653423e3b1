//! `<sys/resource.h>`
