//! `<malloc.h>`
