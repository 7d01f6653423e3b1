//! The `printf` engine (C11 7.21.6.1).
