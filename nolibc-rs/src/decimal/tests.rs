//! Plain arithmetic to test against.

use std::cmp::Ordering;

/// A natural number of any size, 32 bits a word, least significant first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Natural(Vec<u32>);

impl From<u128> for Natural {
    fn from(value: u128) -> Self {
        let mut n = Self((0..4).map(|i| (value >> (32 * i)) as u32).collect());
        n.trim();
        n
    }
}

impl Natural {
    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    pub fn add(&mut self, value: u64) {
        let mut carry = value;
        for word in &mut self.0 {
            let sum = u64::from(*word) + (carry & 0xffff_ffff);
            *word = sum as u32;
            carry = (carry >> 32) + (sum >> 32);
        }
        while carry != 0 {
            self.0.push(carry as u32);
            carry >>= 32;
        }
    }

    pub fn multiply_power(&mut self, base: u32, power: u32) {
        for _ in 0..power {
            let mut carry = 0;
            for word in &mut self.0 {
                let product = u64::from(*word) * u64::from(base) + carry;
                *word = product as u32;
                carry = product >> 32;
            }
            if carry != 0 {
                self.0.push(carry as u32);
            }
        }
    }

    pub fn shift_left(&mut self, bits: u32) {
        self.multiply_power(2, bits % 32);
        let zeros = vec![0; (bits / 32) as usize];
        self.0.splice(0..0, zeros);
        self.trim();
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let by_length = self.0.len().cmp(&other.0.len());
        Some(by_length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev())))
    }
}
