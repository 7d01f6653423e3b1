//! `<stdlib.h>`: malloc and its relatives.
