//! `<poll.h>`
