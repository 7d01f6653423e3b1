//! What no standard names: `_nolibc_init`, `__errno_location`'s friends, and the like.
