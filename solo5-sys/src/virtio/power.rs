//! Powering off.

use crate::core::Shared;
use crate::core::cpu::out16;
use crate::firmware::acpi::Switch;

static SWITCH: Shared<Option<Switch>> = Shared::new(None);

/// Remember how to power off. Answers the address of the register, if it lies
/// in memory: its page must stay mapped.
///
/// # Safety
/// To be called once, before the program starts.
pub unsafe fn initialise(switch: Option<Switch>) -> Option<usize> {
    // SAFETY: nobody reads it yet.
    unsafe { SWITCH.get().write(switch) };
    match switch {
        Some(Switch::Memory(address, _)) => Some(address),
        _ => None,
    }
}

/// Power off; comes back where that does not work, or before it does.
pub fn off() {
    // SAFETY: written before the program started.
    match unsafe { *SWITCH.get() } {
        None => {}
        Some(Switch::Ports(ports)) => {
            for (port, value) in ports {
                if port != 0 {
                    // SAFETY: the firmware's own register and value for this.
                    unsafe { out16(port, value) };
                }
            }
        }
        Some(Switch::Memory(address, value)) => {
            let register = core::ptr::with_exposed_provenance_mut::<u8>(address);
            // SAFETY: as above; the page is mapped, as `initialise` demands.
            unsafe { register.write_volatile(value) };
        }
    }
}
