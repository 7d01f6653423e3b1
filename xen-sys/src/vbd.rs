//! What a request to a block back end, and its response, look like; and the names of
//! virtual disks.
//!
//! Source: Xen 4.17, `xen/include/public/io/blkif.h`, docs/man/xen-vbd-interface.7.pandoc.

/// Words of a slot: `union blkif_sring_entry`.
pub const SLOT: usize = 28;
/// Bytes of a sector, in which requests count whatever the disk's own are.
pub const SECTOR: u64 = 512;
/// `VDISK_READONLY`
pub const READ_ONLY: u64 = 4;

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `BLKIF_OP_READ`
    Read = 0,
    /// `BLKIF_OP_WRITE`
    Write = 1,
}

/// A request for `sectors` (1 to 8) sectors from `sector` on, in the page of `grant`.
pub fn request(operation: Operation, id: u64, sector: u64, grant: u32, sectors: u8) -> [u32; 8] {
    [
        operation as u32 | 1 << 8,
        0,
        id as u32,
        (id >> 32) as u32,
        sector as u32,
        (sector >> 32) as u32,
        grant,
        u32::from(sectors.saturating_sub(1)) << 8,
    ]
}

/// Whether `response` says that the request `id` was served.
///
/// `None`: it is the response to something else.
pub fn served(response: [u32; 4], operation: Operation, id: u64) -> Option<bool> {
    let [low, high, what, _] = response;
    let same = u64::from(high) << 32 | u64::from(low) == id && what & 0xff == operation as u32;
    same.then_some(what >> 16 == 0)
}

/// The number of the disk `name`: `xvda` to `xvdz`.
pub fn number_of(name: &[u8]) -> Option<u64> {
    const XVD: u64 = 202 << 8;
    /// From here on the number has another form.
    const LAST: u64 = 15;
    const LATER: u64 = 1 << 28;
    let [b'x', b'v', b'd', letter @ b'a'..=b'z'] = name else {
        return None;
    };
    let index = u64::from(letter - b'a');
    Some(if index <= LAST {
        XVD | index << 4
    } else {
        LATER | index << 8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_laid_out_as_xen_has_them() {
        let words = request(Operation::Write, 0x1_0000_0002, 0x3_0000_0004, 9, 8);
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        // operation, nr_segments, handle; id at 8; sector_number at 16; seg[0] at 24.
        assert_eq!(bytes[..4], [1, 1, 0, 0]);
        assert_eq!(bytes[8..16], 0x1_0000_0002u64.to_le_bytes());
        assert_eq!(bytes[16..24], 0x3_0000_0004u64.to_le_bytes());
        assert_eq!(bytes[24..28], 9u32.to_le_bytes());
        assert_eq!(bytes[28..30], [0, 7]);
    }

    #[test]
    fn a_response_must_be_the_requests() {
        let response = |id: u64, operation: u32, status: i16| {
            let status = u32::from(status as u16) << 16;
            [id as u32, (id >> 32) as u32, operation | status, 0]
        };
        let is = |response| served(response, Operation::Write, 1 << 33);
        assert_eq!(is(response(1 << 33, 1, 0)), Some(true));
        assert_eq!(is(response(1 << 33, 1, -1)), Some(false));
        assert_eq!(is(response(1 << 33, 0, 0)), None);
        assert_eq!(is(response(1, 1, 0)), None);
    }

    #[test]
    fn disks_have_numbers() {
        assert_eq!(number_of(b"xvda"), Some(51712));
        assert_eq!(number_of(b"xvdp"), Some(51952));
        assert_eq!(number_of(b"xvdq"), Some((1 << 28) + (16 << 8)));
        assert_eq!(number_of(b"xvd"), None);
        assert_eq!(number_of(b"disk"), None);
    }
}
