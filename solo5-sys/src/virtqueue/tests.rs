//! A device that keeps the rules, and devices that do not.

use super::*;

#[repr(align(4096))]
struct Memory([u8; 4 * PAGE]);

/// The device's side of a queue.
struct Device {
    memory: Box<Memory>,
    size: u16,
    taken: u16,
    given: u16,
}

fn pair(size: u16, parts: u16, events: bool) -> (Queue, Device) {
    let mut memory = Box::new(Memory([0xaa; 4 * PAGE]));
    assert!(bytes(size) <= 4 * PAGE);
    // SAFETY: the box outlives the queue in every test, and is reached by raw
    // pointers alone.
    let queue = unsafe { Queue::new(memory.0.as_mut_ptr(), size, parts, SLOTS_MAX, events) };
    let device = Device {
        memory,
        size,
        taken: 0,
        given: 0,
    };
    (queue, device)
}

impl Device {
    fn word(&self, at: usize) -> u16 {
        // SAFETY: inside the memory.
        unsafe { self.memory.0.as_ptr().add(at).cast::<u16>().read_volatile() }
    }

    fn set(&mut self, at: usize, value: u16) {
        // SAFETY: inside the memory.
        unsafe {
            let word = self.memory.0.as_mut_ptr().add(at).cast::<u16>();
            word.write_volatile(value);
        }
    }

    fn available(&self) -> usize {
        available_at(self.size)
    }

    fn used(&self) -> usize {
        used_at(self.size)
    }

    /// The head of a chain that was handed over.
    fn take(&mut self) -> Option<u16> {
        if self.word(self.available() + 2) == self.taken {
            return None;
        }
        let place = usize::from(self.taken % self.size);
        self.taken = self.taken.wrapping_add(1);
        Some(self.word(self.available() + 4 + 2 * place))
    }

    fn write_used(&mut self, head: u32, len: u32) {
        let at = self.used() + 4 + 8 * usize::from(self.given % self.size);
        for (index, word) in [head, len].into_iter().enumerate() {
            self.set(at + 4 * index, word as u16);
            self.set(at + 4 * index + 2, (word >> 16) as u16);
        }
        self.given = self.given.wrapping_add(1);
    }

    fn give(&mut self, head: u32, len: u32) {
        self.write_used(head, len);
        let given = self.given;
        self.set(self.used() + 2, given);
    }
}

#[test]
fn the_layout_is_the_standards() {
    // 2.7.2 for 256: 4096 of descriptors, 518 and padding, 2054.
    assert_eq!(
        (available_at(256), used_at(256), bytes(256)),
        (4096, 8192, 12288)
    );
    assert_eq!((available_at(4), used_at(4), bytes(4)), (64, 4096, 8192));
    let (queue, _device) = pair(4, 1, false);
    let [descriptors, available, used] = queue.addresses();
    assert_eq!((available - descriptors, used - descriptors), (64, 4096));
}

#[test]
fn slots_go_there_and_back_through_all_indices() {
    for (parts, events) in [(1, false), (2, true), (3, false)] {
        let (mut queue, mut device) = pair(8, parts, events);
        let slots = queue.slots();
        assert_eq!(slots, 8 / usize::from(parts));
        let mut turn = 0usize;
        // More than a turn of the 16-bit indices.
        while turn < 70_000 {
            let mut heads = Vec::new();
            while let Some(slot) = queue.free() {
                queue.hand_over(slot);
                // A second time changes nothing.
                queue.hand_over(slot);
            }
            let wants = queue.publish();
            assert!(events || wants);
            assert!(!queue.publish());
            while let Some(head) = device.take() {
                heads.push(head);
            }
            assert_eq!(heads.len(), slots);
            // Out of order.
            heads.rotate_left(turn % slots);
            for &head in &heads {
                assert!(!queue.is_ready());
                device.give(head.into(), turn as u32);
                assert!(queue.is_ready());
                let slot = usize::from(head / parts);
                assert_eq!(queue.take(), Ok(Some((slot, turn))));
                assert_eq!(queue.take(), Ok(None));
            }
            turn += slots;
        }
    }
}

#[test]
fn chains_are_as_described() {
    let (mut queue, device) = pair(8, 3, false);
    for part in 0..3 {
        // SAFETY: no device reads it.
        unsafe { queue.describe(1, part, 0x1000 + u64::from(part), 7, WRITE) };
    }
    // SAFETY: as above; outside, so nothing happens.
    unsafe {
        queue.describe(1, 3, 0xdead, 7, 0);
        queue.describe(2, 0, 0xdead, 7, 0);
    }
    let flags = |index: usize| (device.word(16 * index + 12), device.word(16 * index + 14));
    assert_eq!(device.word(16 * 4), 0x1001);
    assert_eq!(flags(3), (WRITE | NEXT, 4));
    assert_eq!(flags(4), (WRITE | NEXT, 5));
    assert_eq!(flags(5), (WRITE, 0));
    assert_eq!(flags(6), (0, 0));
}

/// Let two slots be away, have the device lie, and see that it is found out and
/// that nothing is taken back ever after.
fn lie(how: impl FnOnce(&mut Device)) {
    let (mut queue, mut device) = pair(8, 2, false);
    queue.hand_over(0);
    queue.hand_over(2);
    queue.publish();
    how(&mut device);
    assert!(queue.is_ready());
    assert_eq!(queue.take(), Err(Broken));
    device.give(0, 0);
    assert_eq!(queue.take(), Err(Broken));
    assert!(queue.is_ready());
    assert!(queue.is_away(0) && queue.is_away(2));
}

#[test]
fn a_device_that_lies_is_found_out() {
    lie(|device| device.give(2, 0)); // not its own
    lie(|device| device.give(1, 0)); // the middle of a chain
    lie(|device| device.give(8, 0)); // beyond the queue
    lie(|device| device.give(0x1_0000, 0)); // a head of more than 16 bits
    lie(|device| device.give(u32::MAX, u32::MAX));
    lie(|device| device.set(used_at(8) + 2, 9)); // more than there are
    lie(|device| device.set(used_at(8) + 2, 0xffff)); // back
}

#[test]
fn a_slot_comes_back_once() {
    let (mut queue, mut device) = pair(8, 2, false);
    queue.hand_over(1);
    queue.publish();
    device.write_used(2, 5);
    device.give(2, 5);
    assert_eq!(queue.take(), Ok(Some((1, 5))));
    assert_eq!(queue.take(), Err(Broken));
}

#[test]
fn signals_are_as_wanted() {
    // By flags.
    let (mut queue, mut device) = pair(8, 1, false);
    queue.want_none();
    assert_eq!(device.word(device.available()), NO_SIGNAL);
    assert!(queue.want_interrupt());
    assert_eq!(device.word(device.available()), 0);
    device.set(device.used(), NO_SIGNAL);
    queue.hand_over(0);
    assert!(!queue.publish());
    device.set(device.used(), 0);
    assert!(queue.is_to_be_notified());
    assert!(!queue.is_to_be_notified());
    queue.hand_over(1);
    assert!(queue.publish());
    device.give(0, 0);
    assert!(!queue.want_interrupt());

    // By events.
    let (mut queue, mut device) = pair(8, 1, true);
    let event = device.used() + 4 + 8 * 8;
    let used_event = device.available() + 4 + 2 * 8;
    device.set(event, 1);
    queue.hand_over(0);
    assert!(!queue.publish());
    queue.hand_over(1);
    assert!(queue.publish());
    queue.hand_over(2);
    assert!(!queue.publish());
    // Asked for late, as if the fence had done nothing.
    device.set(event, 2);
    assert!(queue.is_to_be_notified());
    assert!(!queue.is_to_be_notified());
    device.give(0, 0);
    assert_eq!(queue.take(), Ok(Some((0, 0))));
    assert!(queue.want_interrupt());
    assert_eq!(device.word(used_event), 1);
    queue.want_none();
    assert_eq!(device.word(used_event), 0);
}

#[test]
fn events_are_crossed_once() {
    assert!(crosses(0, 0, 1));
    assert!(!crosses(1, 0, 1));
    assert!(crosses(0xffff, 0xfffe, 0));
    assert!(crosses(5, 0, 10));
    assert!(!crosses(10, 0, 10));
    assert!(!crosses(0xffff, 0, 10));
}
