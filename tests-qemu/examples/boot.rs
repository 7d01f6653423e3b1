//! boot MACHINE TENDER IMAGE CMDLINE
fn main() -> anyhow::Result<()> {
    use tests_qemu::machine::*;
    let a: Vec<String> = std::env::args().collect();
    let m: Box<dyn Machine> = match a[1].as_str() {
        "spt" => Box::new(Spt {
            tender: a[2].clone().into(),
        }),
        "hvt" => Box::new(Hvt {
            tender: a[2].clone().into(),
        }),
        "nested" => Box::new(HvtNested::new(
            a[2].clone().into(),
            "/work/wt/machines/target/nolibc/nested".into(),
        )),
        _ => Box::new(Virtio::TCG),
    };
    for image in a[3].split(',') {
        let r = Request {
            cmdline: a.get(4).cloned().unwrap_or_default(),
            ..Request::default()
        };
        let b = m.boot(image.as_ref(), &r)?;
        println!("{}\n--- {} {:?}", b.console, b.status, b.time);
    }
    Ok(())
}
