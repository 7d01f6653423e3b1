//! `<time.h>`
