//! `<stdlib.h>`: realpath, mkstemp.
