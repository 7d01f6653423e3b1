//! Where the linker scripts put things (`ld/hvt.lds`, `ld/virtio.lds`).

/// Bytes of a page.
pub const PAGE: usize = 4096;
/// Bytes that one entry of a page directory covers.
pub const CHUNK: usize = 2 << 20;
/// Where the image begins: its first page is the ring-0 code.
pub const IMAGE_START: usize = 1 << 20;
/// What the bootstrap tables map.
pub const BOOTSTRAP_END: usize = 128 << 20;

macro_rules! symbols {
    ($($(#[$doc:meta])* $name:ident = $symbol:ident;)*) => {
        unsafe extern "C" {
            $($(#[$doc])* static $symbol: u8;)*
        }
        $(
            $(#[$doc])*
            pub fn $name() -> usize {
                (&raw const $symbol).addr()
            }
        )*
    };
}

symbols! {
    /// First byte of the program's code; the ring-0 code ends here.
    text = _stext;
    /// First byte of the read-only data.
    rodata = _etext;
    /// First byte of the written data.
    data = _erodata;
    /// First byte of the ring-0 tables.
    core_tables = core_tables_start;
    /// First byte behind the ring-0 tables.
    core_tables_after = core_tables_end;
    /// The page below the fault stack.
    fault_guard = core_fault_guard;
    /// First byte of the fault stack.
    fault_stack = core_fault_stack;
    /// First byte behind the image.
    image_end = _end;
    /// The top page table; an entry covers 512 GiB.
    pml4 = core_pml4;
    /// The table of the bootstrap's page directories, and later of the window's.
    pdpt = core_pdpt;
}

#[cfg(feature = "virtio")]
symbols! {
    /// First byte of the manifest's note.
    manifest = core_manifest;
    /// First byte behind it.
    manifest_end = core_manifest_end;
    /// First byte of the list of what looks for devices.
    finders = core_finders;
    /// First byte behind it.
    finders_end = core_finders_end;
}
