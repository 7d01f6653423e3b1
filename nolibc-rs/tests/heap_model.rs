//! Random steps with the heap and its model; `cargo xtask fuzz heap` looks further.

mod model;

use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 4 } else { 256 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn heap_and_model_agree(choices in prop::collection::vec(any::<u8>(), 0..3000)) {
        model::run(&choices);
    }
}
