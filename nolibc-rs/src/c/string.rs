//! `<string.h>`
