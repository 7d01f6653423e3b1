//! `<spawn.h>`
