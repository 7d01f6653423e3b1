//! `<dlfcn.h>`
