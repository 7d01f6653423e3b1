//! `<stdlib.h>`: getenv and its relatives.
