//! Random bytes from the CPU or the machine, never weak ones.
