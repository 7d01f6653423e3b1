//! The command line and the environment.
