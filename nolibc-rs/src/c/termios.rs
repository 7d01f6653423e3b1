//! `<termios.h>`
