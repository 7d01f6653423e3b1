//! `<syslog.h>`
