//! `<stdlib.h>`: strtod, strtol, abs, div, rand.
