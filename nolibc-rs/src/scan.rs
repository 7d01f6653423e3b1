//! The `scanf` engine (C11 7.21.6.2).
