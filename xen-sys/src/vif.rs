//! What requests to a network back end, and its responses, look like.
//!
//! Source: Xen 4.17, `xen/include/public/io/netif.h`.

/// Words of a slot of the ring that sends.
pub const SEND_SLOT: usize = 3;
/// Words of a slot of the ring that receives.
pub const RECEIVE_SLOT: usize = 2;
/// `NETTXF_more_data`, `NETRXF_more_data`: the frame goes on in the next slot.
const MORE_DATA: u32 = 1 << 2;
/// `NETRXF_extra_info`: the next slot says more of the frame, which nobody asked for.
const EXTRA_INFO: u32 = 1 << 3;

/// A request to send what lies at the front of the page of `grant`: a frame's beginning, and `len`
/// are the frame's bytes, or what follows it, and they are those of this page.
pub fn send(id: u16, grant: u32, len: u16, goes_on: bool) -> [u32; SEND_SLOT] {
    let flags = if goes_on { MORE_DATA } else { 0 };
    [grant, flags << 16, u32::from(id) | u32::from(len) << 16]
}

/// Which request a response is to, and whether the frame was sent.
pub fn sent(response: u32) -> (u16, bool) {
    (response as u16, response >> 16 == 0)
}

/// A request to receive into the page of `grant`.
pub fn receive(id: u16, grant: u32) -> [u32; RECEIVE_SLOT] {
    [id.into(), grant]
}

/// What was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// The request's.
    pub id: u16,
    /// Where the frame, or a part of it, lies in the page, start and bytes; `None`: there is
    /// none, or the back end failed.
    pub part: Option<(usize, usize)>,
    /// Whether another part of the frame is in the next response.
    pub goes_on: bool,
}

/// What a response says; a part of a frame lies within a page of `page` bytes.
pub fn received(response: [u32; RECEIVE_SLOT], page: usize) -> Received {
    let [first, second] = response;
    let start = (first >> 16) as usize;
    let len = usize::try_from((second >> 16) as i16).unwrap_or(0);
    let is_good = len > 0 && second & EXTRA_INFO == 0 && start + len <= page;
    Received {
        id: first as u16,
        part: is_good.then_some((start, len)),
        goes_on: second & MORE_DATA != 0,
    }
}

/// The address `xx:xx:xx:xx:xx:xx` of one station.
pub fn address(text: &[u8]) -> Option<[u8; 6]> {
    let mut address = [0; 6];
    let mut parts = text.split(|&byte| byte == b':');
    for place in &mut address {
        let [high, low] = *parts.next()? else {
            return None;
        };
        let digit = |byte: u8| char::from(byte).to_digit(16);
        *place = (digit(high)? << 4 | digit(low)?) as u8;
    }
    let [first, ..] = address;
    (parts.next().is_none() && first & 1 == 0).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_laid_out_as_xen_has_them() {
        for (goes_on, flags) in [(false, 0), (true, 4)] {
            let words = send(3, 9, 1514, goes_on);
            let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
            assert_eq!(bytes[..8], [9, 0, 0, 0, 0, 0, flags, 0]);
            assert_eq!(bytes[8..], [3, 0, 0xea, 5]);
        }
        assert_eq!(receive(5, 7), [5, 7]);
        assert_eq!(sent(5), (5, true));
        assert_eq!(sent(5 | 0xffff << 16), (5, false));
    }

    #[test]
    fn a_frame_lies_in_its_page() {
        let frame = |offset: u32, flags: u32, status: i16| {
            let response = [4 | offset << 16, flags | u32::from(status as u16) << 16];
            let received = received(response, 4096);
            assert_eq!(received.id, 4);
            assert_eq!(received.goes_on, flags & 4 != 0);
            received.part
        };
        assert_eq!(frame(0, 0, 1514), Some((0, 1514)));
        assert_eq!(frame(4095, 1, 1), Some((4095, 1)));
        assert_eq!(frame(0, 4, 4096), Some((0, 4096)));
        for (offset, flags, status) in [
            (4095, 0, 2),
            (0, 0, 4097),
            (0xffff, 0, 0x7fff),
            (0, 0, 0),
            (0, 0, -1),
            (0, 0, i16::MIN),
            (0, 8, 60),
            (0, 12, 60),
        ] {
            assert_eq!(frame(offset, flags, status), None);
        }
    }

    #[test]
    fn addresses() {
        assert_eq!(
            address(b"00:16:3E:ab:0f:ff"),
            Some([0, 0x16, 0x3e, 0xab, 0xf, 0xff])
        );
        for bad in [
            "",
            "00:16:3e:ab:0f",
            "00:16:3e:ab:0f:ff:00",
            "01:16:3e:ab:0f:ff",
            "0:16:3e:ab:0f:ff",
            "00:16:3e:ab:0f:fg",
        ] {
            assert_eq!(address(bad.as_bytes()), None, "{bad}");
        }
    }
}
