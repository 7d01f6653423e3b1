//! One owner of every page between the image and the stack.
