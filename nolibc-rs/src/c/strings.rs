//! `<strings.h>`
