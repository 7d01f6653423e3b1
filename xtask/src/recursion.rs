//! Part of `cargo xtask symbols`: the functions that compilers call of their own
//! accord never reach themselves.
//!
//! A compiler may turn a loop that copies bytes into a call of `memcpy`, in
//! `memcpy` too. The object code says whether it has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::sh;

/// What compilers call though the source does not.
const IMPLIED: [&str; 7] = [
    "memcpy", "memmove", "memset", "memcmp", "bcmp", "strlen", "memchr",
];

/// Which functions each function of an object mentions.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// One line for each function that reaches itself, or is not there.
pub fn problems(archive: &Path) -> Result<Vec<String>> {
    let mut objdump = Command::new("objdump");
    objdump.args(["-dtr", "--no-show-raw-insn"]).arg(archive);
    let graph = graph(&sh::output(&mut objdump)?);
    Ok(loops(&graph))
}

/// From symbol table and disassembly. Of the names of one place, each mentions
/// what the place does.
fn graph(text: &str) -> Graph {
    let mut graph = Graph::new();
    let mut current = String::new();
    let mut places = BTreeMap::<_, Vec<&str>>::new();
    for line in text.lines() {
        if let Some((place, name)) = symbol(line) {
            places.entry(place).or_default().push(name);
            continue;
        }
        if let Some(label) = label(line) {
            current = label.to_owned();
            graph.entry(current.clone()).or_default();
        } else if let Some(target) = target(line) {
            graph
                .entry(current.clone())
                .or_default()
                .insert(target.to_owned());
        }
    }
    for names in places.values().filter(|names| names.len() > 1) {
        let known = names.iter().find_map(|name| graph.get(*name)).cloned();
        for name in names {
            let targets = graph.entry((*name).to_owned()).or_default();
            targets.extend(known.iter().flatten().cloned());
        }
    }
    graph
}

/// `0000000000000000 g     F .text.memcpy\t00000000000001b5 memcpy` is a symbol; its
/// section and address are its place.
fn symbol(line: &str) -> Option<((&str, &str), &str)> {
    let (front, back) = line.split_once('\t')?;
    let (address, flags) = front.split_once(' ')?;
    let section = flags.rsplit(' ').next()?;
    let name = back.split(' ').next_back()?;
    let code = section.starts_with(".text") && address.len() == 16 && section != name;
    code.then_some(((section, address), name))
}

/// `0000000000000000 <memcpy>:` is the start of a function.
fn label(line: &str) -> Option<&str> {
    let (address, rest) = line.split_once(" <")?;
    let hex = !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit());
    rest.strip_suffix(">:").filter(|_| hex)
}

/// What a relocation or a jump names, without its offset and section.
fn target(line: &str) -> Option<&str> {
    let name = match line.split_once("R_X86_64_") {
        Some((_, relocation)) => relocation.split_whitespace().nth(1)?,
        // A call or a jump inside a section; a jump inside a function has an
        // offset from its name.
        None => {
            let name = line.rsplit_once('<')?.1.strip_suffix('>')?;
            return (!name.contains('+')).then_some(name);
        }
    };
    let name = name.strip_prefix(".text.").unwrap_or(name);
    Some(name.split(['+', '-']).next().unwrap_or(name))
}

fn loops(graph: &Graph) -> Vec<String> {
    let mut problems = Vec::new();
    for start in IMPLIED {
        let Some(targets) = graph.get(start) else {
            problems.push(format!("{start} is not in the object code"));
            continue;
        };
        let mut seen = BTreeSet::new();
        let mut left: Vec<&String> = targets.iter().collect();
        while let Some(name) = left.pop() {
            if seen.insert(name) {
                left.extend(graph.get(name).into_iter().flatten());
            }
        }
        if seen.iter().any(|name| *name == start) {
            problems.push(format!("{start} calls itself, directly or through others"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
0000000000000000 <memcpy>:
   0:\tmov    %rdi,%rax
   3:\tjb     10 <memcpy+0x10>

0000000000000020 <memmove>:
  20:\tjmp    25 <memmove+0x5>
\t\t\t21: R_X86_64_PLT32\tmemcpy-0x4

0000000000000000 <bcmp>:
   0:\tjmp    5 <bcmp+0x5>
\t\t\t1: R_X86_64_PC32\t.text.memcmp-0x4
";

    #[test]
    fn two_names_of_one_place_are_one_function() {
        let text = "\
0000000000000000 g     F .text.memcmp\t0000000000000020 memcmp
0000000000000000 g       .text.memcmp\t0000000000000000 bcmp
0000000000000000 l    d  .text.memcmp\t0000000000000000 .text.memcmp
0000000000000000 <memcmp>:\n\t\t\t5: R_X86_64_PLT32\tmemset-0x4
";
        let graph = graph(text);
        assert_eq!(graph["memcmp"], BTreeSet::from(["memset".to_owned()]));
        assert_eq!(graph["bcmp"], graph["memcmp"]);
    }

    #[test]
    fn calls_are_read_from_relocations() {
        let graph = graph(GOOD);
        assert_eq!(graph["memcpy"], BTreeSet::new());
        assert_eq!(graph["memmove"], BTreeSet::from(["memcpy".to_owned()]));
        assert_eq!(graph["bcmp"], BTreeSet::from(["memcmp".to_owned()]));
    }

    #[test]
    fn loops_are_found() {
        let text = GOOD.to_owned()
            + "0000000000000000 <memcmp>:\n\t\t\t5: R_X86_64_PLT32\tbcmp-0x4\n"
            + "0000000000000000 <memset>:\n   9:\te8 call   0 <memset>\n"
            + "0000000000000000 <strlen>:\n0000000000000000 <memchr>:\n";
        let found = loops(&graph(&text));
        let expected = ["memset", "memcmp", "bcmp"];
        let expected =
            expected.map(|name| format!("{name} calls itself, directly or through others"));
        assert_eq!(found, expected);
    }
}
