//! Buffered streams: what `FILE` is (C11 7.21).

/// Write out the buffers of all output streams, as `exit` does.
pub fn flush_all() {}
