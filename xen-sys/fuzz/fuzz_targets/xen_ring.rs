//! A back end that writes anything into the page it shares. There are never more
//! responses than requests, and a frame lies within its page.
#![no_main]

use std::sync::atomic::Ordering::Relaxed;

use libfuzzer_sys::fuzz_target;
use xen_sys::front::{Front, Page, WORDS};
use xen_sys::vif;

fuzz_target!(|input: &[u8]| {
    let Some((&first, script)) = input.split_first() else {
        return;
    };
    let slot = [2, 3, 28][usize::from(first) % 3];
    let page = Page::new();
    Front::begin(&page);
    let mut front = Front::new(slot);
    let (mut asked, mut answered, mut told) = (0u32, 0u32, 0);
    for step in script.chunks_exact(5) {
        let value = u32::from_le_bytes([step[1], step[2], step[3], step[4]]);
        match step[0] {
            0..64 => {
                let room = asked - answered < front.slots() as u32;
                assert_eq!(front.ask(&page, &[value; 28][..slot]), room);
                asked += u32::from(room);
            }
            64..128 => {
                let mut response = [0; 2];
                if front.answer(&page, &mut response) == Ok(true) {
                    answered += 1;
                }
                assert!(answered <= asked);
                if let Some((start, len)) = vif::received(response, 4096).part {
                    assert!(len > 0 && start + len <= 4096);
                }
            }
            128..160 => told = front.news(&page, told).1,
            160..176 => _ = front.is_answered(&page),
            // An index, mostly a small step away, or any word.
            176..216 => _ = page.0[2].fetch_add(value % 4, Relaxed),
            _ => page.0[value as usize % WORDS].store(value.rotate_left(16), Relaxed),
        }
    }
});
