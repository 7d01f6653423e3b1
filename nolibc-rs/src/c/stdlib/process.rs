//! `<stdlib.h>`: exit, abort, atexit, system.
