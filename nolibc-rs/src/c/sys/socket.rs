//! `<sys/socket.h>`
