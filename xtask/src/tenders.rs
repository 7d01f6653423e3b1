//! Solo5's tenders: those on the PATH, else built from the sources in the
//! crates.io package that the workspace calls `solo5-upstream`.
