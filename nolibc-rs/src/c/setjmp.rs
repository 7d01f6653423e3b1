//! `<setjmp.h>`
