//! What findlib and dune read: `findlib.conf`, the toolchains, and META files of
//! libraries that OCaml itself has by now.

use std::fmt::Write as _;
use std::process::Command;

use anyhow::Result;

use super::tree::Tree;
use crate::sh;

/// The tools that a toolchain has of its own.
const TOOLS: [&str; 8] = [
    "ocamlc",
    "ocamlopt",
    "ocamlcp",
    "ocamloptp",
    "ocamlmklib",
    "ocamlmktop",
    "ocamldep",
    "ocamlobjinfo",
];

/// META files that OCaml's installation lacks, or has in a form that a findlib made for
/// OCaml 4 cannot use: that one looks for the archives of a package `threads` elsewhere.
pub const META: [(&str, &str); 3] = [
    ("bytes", IN_STDLIB),
    ("seq", IN_STDLIB),
    (
        "threads",
        r#"description = "POSIX threads"
version = "[distributed with OCaml]"
requires = "threads.posix"
type_of_threads = "posix"

package "posix" (
  description = "POSIX threads"
  version = "[distributed with OCaml]"
  directory = "+threads"
  requires = "unix"
  archive(byte) = "threads.cma"
  archive(native) = "threads.cmxa"
)
"#,
    ),
];

const IN_STDLIB: &str = "description = \"in the standard library\"\n\
                         version = \"[distributed with OCaml]\"\n\
                         requires = \"\"\n";

/// Write the configuration, with the toolchains `nolibc` and `solo5`.
pub fn write(tree: &mut Tree, has_host: bool, solo5: bool) -> Result<()> {
    let prefix = tree.prefix().display().to_string();
    tree.write_named("lib/findlib.conf", host(&prefix, has_host)?.as_bytes())?;
    let names = ["nolibc", "solo5"];
    for name in names.into_iter().take(1 + usize::from(solo5)) {
        let text = toolchain(&prefix, name);
        tree.write_named(&format!("lib/findlib.conf.d/{name}.conf"), text.as_bytes())?;
    }
    Ok(())
}

/// The configuration for programs of this machine: for the OCaml beside it, or else as
/// the user's own findlib has it.
fn host(prefix: &str, has_host: bool) -> Result<String> {
    if has_host {
        let library = format!("{prefix}/nolibc/host/lib/ocaml");
        return Ok(format!(
            "destdir=\"{prefix}/lib\"\npath=\"{prefix}/lib:{library}\"\nstdlib=\"{library}\"\n\
             ldconf=\"{library}/ld.conf\"\n"
        ));
    }
    let mut text = String::new();
    if let Some(ocamlfind) = sh::which("ocamlfind") {
        for (variable, question) in [("destdir", "destdir"), ("path", "path")] {
            let mut ask = Command::new(&ocamlfind);
            let answer = sh::output(
                ask.args(["printconf", question])
                    .env_remove("OCAMLFIND_CONF"),
            )?;
            let words: Vec<&str> = answer.split_whitespace().collect();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{variable}=\"{}\"", words.join(":"));
        }
    }
    Ok(text)
}

/// The configuration of a toolchain. Each tool has its name without a toolchain too:
/// dune takes a variable that no rule answers for an empty name, and dies of it.
fn toolchain(prefix: &str, name: &str) -> String {
    let cross = format!("{prefix}/nolibc/cross");
    let libraries = format!("{prefix}/nolibc/lib");
    let mut text = format!(
        "path({name})=\"{libraries}:{cross}/lib/ocaml\"\n\
         destdir({name})=\"{libraries}\"\n\
         stdlib({name})=\"{cross}/lib/ocaml\"\n\
         ldconf({name})=\"{cross}/lib/ocaml/ld.conf\"\n"
    );
    for tool in TOOLS {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{tool}=\"{tool}\"\n{tool}({name})=\"{cross}/bin/{tool}\""
        );
    }
    text
}
