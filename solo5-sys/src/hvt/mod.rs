//! The guest side of `solo5-hvt`.
