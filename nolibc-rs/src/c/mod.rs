//! The outer layer: one file per C header. A function here checks, borrows, calls
//! and translates; it decides nothing.

pub mod cstr;
pub mod result;
pub mod slice;

pub mod absent;

pub mod arpa;
pub mod assert;
pub mod ctype;
pub mod dirent;
pub mod dlfcn;
pub mod errno;
pub mod fcntl;
pub mod fenv;
pub mod grp;
pub mod inttypes;
pub mod locale;
pub mod malloc;
pub mod math;
pub mod net;
pub mod netdb;
pub mod netinet;
pub mod nolibc;
pub mod poll;
pub mod pthread;
pub mod pwd;
pub mod sched;
pub mod semaphore;
pub mod setjmp;
pub mod signal;
pub mod spawn;
pub mod stdio;
pub mod stdlib;
pub mod string;
pub mod strings;
pub mod sys;
pub mod syslog;
pub mod termios;
pub mod threads;
pub mod time;
pub mod uchar;
pub mod unistd;
pub mod utime;
pub mod wchar;
pub mod wctype;
