//! `<sys/wait.h>`
