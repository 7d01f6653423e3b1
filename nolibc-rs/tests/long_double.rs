//! `csrc/long_double` against glibc. Stable Rust has no `long double`, so the test
//! itself is C; this compiles and runs it.

use std::path::Path;
use std::process::Command;

const FUNCTIONS: &str = "fabsl sqrtl ceill floorl nearbyintl rintl roundl truncl logbl fmodl \
    remainderl copysignl nextafterl nexttowardl fdiml fmaxl fminl remquol frexpl ldexpl scalbnl \
    scalblnl modfl nanl ilogbl lrintl llrintl lroundl llroundl nexttoward nexttowardf";

fn run(command: &mut Command) {
    let output = command.output().expect("a C compiler");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{text}");
}

#[test]
fn long_double_functions_are_glibcs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let renamed = FUNCTIONS
        .split_whitespace()
        .map(|name| format!("-D{name}=ours_{name}"));
    let (ours, test) = (out.join("ours.o"), out.join("long_double"));
    // The exact results must not depend on what the compiler knows of the names.
    let mut compile = Command::new("cc");
    compile
        .args(["-O2", "-Wall", "-fno-builtin", "-c", "-o"])
        .arg(&ours);
    compile
        .args(renamed)
        .arg(root.join("csrc/long_double/math.c"));
    run(&mut compile);
    let mut link = Command::new("cc");
    link.args(["-O1", "-Wall", "-fno-builtin", "-frounding-math", "-o"])
        .arg(&test);
    link.arg(root.join("tests/long_double.c"))
        .arg(&ours)
        .arg("-lm");
    run(&mut link);
    run(&mut Command::new(test));
}
