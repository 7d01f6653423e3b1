//! `<locale.h>`
