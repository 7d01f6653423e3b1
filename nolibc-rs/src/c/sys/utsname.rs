//! `<sys/utsname.h>`
