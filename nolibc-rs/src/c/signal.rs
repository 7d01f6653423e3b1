//! `<signal.h>`
