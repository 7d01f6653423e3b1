//! Start and end of the program: constructors, `main`, exit handlers.

/// Run the exit handlers, flush the streams and end the machine.
pub fn exit(status: i32) -> ! {
    crate::stream::flush_all();
    crate::platform::exit(status)
}
