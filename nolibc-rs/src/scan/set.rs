//! The set of `%[`.

pub struct Set {
    bits: [u64; 4],
    negated: bool,
}

impl Set {
    /// Read what follows `[`, through the `]`; answers the rest of the format.
    pub fn parse(format: &[u8]) -> Option<(Self, &[u8])> {
        let negated = format.first() == Some(&b'^');
        let mut set = Self {
            bits: [0; 4],
            negated,
        };
        let list = format.get(usize::from(negated)..)?;
        // A `]` that stands first is a member.
        let end = 1 + list.iter().skip(1).position(|&byte| byte == b']')?;
        let (members, rest) = list.split_at_checked(end)?;
        let mut left = members;
        while let Some((&first, rest)) = left.split_first() {
            left = rest;
            let mut last = first;
            // A `-` that stands first or last is a member too.
            if let [b'-', to, rest @ ..] = left
                && first <= *to
            {
                last = *to;
                left = rest;
            }
            (first..=last).for_each(|byte| set.add(byte));
        }
        Some((set, rest.get(1..)?))
    }

    fn add(&mut self, byte: u8) {
        if let Some(word) = self.bits.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 63);
        }
    }

    pub fn contains(&self, byte: u8) -> bool {
        let word = self.bits.get(usize::from(byte >> 6)).copied().unwrap_or(0);
        (word >> (byte & 63) & 1 != 0) != self.negated
    }
}
