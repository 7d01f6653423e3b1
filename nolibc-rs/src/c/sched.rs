//! `<sched.h>`
