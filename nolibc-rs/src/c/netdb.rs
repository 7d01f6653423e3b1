//! `<netdb.h>`
