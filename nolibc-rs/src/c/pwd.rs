//! `<pwd.h>`
