//! Threads and what they wait on.

/// A thread of control.
pub struct Thread {}
