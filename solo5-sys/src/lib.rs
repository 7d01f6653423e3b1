//! The machines of Solo5 behind one C header, `solo5.h`.
