//! Boots guests on every machine and checks what they print.
