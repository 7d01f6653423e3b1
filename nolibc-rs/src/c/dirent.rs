//! `<dirent.h>`
