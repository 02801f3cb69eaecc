//! The generator of random numbers: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), and the few distributions that the
//! simulations need, all on integers.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

/// ln 2 in units of 2^-32.
const LN_2: u64 = 2_977_044_472;

impl Random {
    /// The stream of a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number below `end`, which is not 0; the bias is below `end` in 2^64.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        debug_assert!(end > 0);
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u64
    }

    /// A position in something of that length.
    #[expect(clippy::cast_possible_truncation, reason = "below the length")]
    pub(super) fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// True with that probability.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share is between 0 and 1")]
    pub(super) fn chance(&mut self, share: f64) -> bool {
        // 2^53 steps: exact in floating point, so that every machine draws the same.
        self.bits() >> 11 < (share * 9_007_199_254_740_992.0) as u64
    }

    /// About exponentially distributed, at least 1: the logarithm is linear between powers of two.
    #[expect(clippy::cast_possible_truncation, reason = "at most 64 times the mean")]
    pub(super) fn exponential(&mut self, mean: u64) -> u64 {
        let bits = self.bits() | 1;
        let zeros = bits.leading_zeros();
        let fraction = (bits << zeros) >> 31 & 0xffff_ffff;
        // -log2(bits / 2^64), in units of 2^-32.
        let log = ((u64::from(zeros) + 1) << 32) - fraction;
        ((((u128::from(log) * u128::from(LN_2)) >> 32) * u128::from(mean)) >> 32) as u64 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors of the published algorithm.
    #[test]
    fn the_stream_never_changes() {
        let mut random = Random::new(1_234_567);
        let stream: Vec<_> = (0..5).map(|_| random.bits()).collect();
        assert_eq!(
            stream,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ]
        );
        let drawn: Vec<_> = (0..6).map(|_| (random.below(100), random.exponential(1_000))).collect();
        assert_eq!(drawn, [(42, 568), (27, 866), (81, 901), (44, 554), (24, 1_048), (15, 351)]);
    }

    #[test]
    fn distributions_have_their_means() {
        let mut random = Random::new(7);
        let n = 100_000;
        let mean = (0..n).map(|_| random.exponential(1_000)).sum::<u64>() / n;
        assert!((900..1_100).contains(&mean), "{mean}");
        let heads = (0..n).filter(|_| random.chance(0.25)).count();
        assert!((24_000..26_000).contains(&heads), "{heads}");
        assert!((0..n).all(|_| random.chance(1.0) && !random.chance(0.0) && random.below(3) < 3));
    }
}
