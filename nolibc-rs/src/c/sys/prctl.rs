//! `<sys/prctl.h>`
