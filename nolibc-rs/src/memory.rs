//! `mmap` and its relatives: mappings over page runs.
