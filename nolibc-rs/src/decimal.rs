//! Numbers to digits and back, always correctly rounded.
