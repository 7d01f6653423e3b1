//! `<unistd.h>`
