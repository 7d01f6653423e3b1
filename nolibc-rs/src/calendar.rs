//! Calendar time: seconds since the epoch to and from broken-down time (C11 7.27).
