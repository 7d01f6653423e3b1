//! `<arpa/inet.h>`
