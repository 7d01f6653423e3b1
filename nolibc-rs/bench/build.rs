//! Links the archives that `cargo xtask bench` prepares. Without them the crate can be
//! checked, not linked.

fn main() {
    const ARCHIVES: &str = "NOLIBC_BENCH_ARCHIVES";
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={ARCHIVES}");
    let Ok(directory) = std::env::var(ARCHIVES) else {
        return;
    };
    println!("cargo::rustc-link-search=native={directory}");
    for name in ["nolibc_renamed", "musl_renamed"] {
        println!("cargo::rerun-if-changed={directory}/lib{name}.a");
        // The files themselves: rustc must not copy them into a library of its own.
        println!("cargo::rustc-link-arg={directory}/lib{name}.a");
    }
}
