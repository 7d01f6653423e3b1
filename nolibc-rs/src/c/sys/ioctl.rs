//! `<sys/ioctl.h>`
