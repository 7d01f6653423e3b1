//! `<assert.h>`
