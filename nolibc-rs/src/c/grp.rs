//! `<grp.h>`
