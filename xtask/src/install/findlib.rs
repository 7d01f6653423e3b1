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
/// No directory is relative to the standard library: findlib takes OCAMLLIB for that of
/// every toolchain, and programs that our `ocaml` starts have it.
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

/// Where OCaml for this machine is.
pub const HOST: &str = "nolibc-sysroot/host";

/// Write the configuration for programs of this machine: for the OCaml that was
/// installed, or else as the user's own findlib has it.
pub fn configuration(tree: &mut Tree) -> Result<()> {
    let prefix = tree.prefix().display().to_string();
    let library = format!("{HOST}/lib/ocaml");
    let text = if tree.path(&library).exists() {
        format!(
            "destdir=\"{prefix}/lib\"\npath=\"{prefix}/lib:{prefix}/{library}\"\n\
             stdlib=\"{prefix}/{library}\"\nldconf=\"{prefix}/{library}/ld.conf\"\n"
        )
    } else {
        users()?
    };
    tree.write_named("lib/findlib.conf", text.as_bytes())
}

/// What the user's own findlib says.
fn users() -> Result<String> {
    let mut text = String::new();
    let Some(ocamlfind) = sh::which("ocamlfind") else {
        return Ok(text);
    };
    for variable in ["destdir", "path"] {
        let mut ask = Command::new(&ocamlfind);
        ask.args(["printconf", variable])
            .env_remove("OCAMLFIND_CONF");
        let answer = sh::output(&mut ask)?;
        let words: Vec<&str> = answer.split_whitespace().collect();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{variable}=\"{}\"", words.join(":"));
    }
    Ok(text)
}

/// Write the configuration of a toolchain. Each tool has its name without a toolchain too:
/// dune takes a variable that no rule answers for an empty name, and dies of it.
pub fn toolchain(tree: &mut Tree, name: &str) -> Result<()> {
    let prefix = tree.prefix().display();
    let cross = format!("{prefix}/nolibc-sysroot/cross");
    let libraries = format!("{prefix}/{name}-sysroot/lib");
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
    tree.write_named(&format!("lib/findlib.conf.d/{name}.conf"), text.as_bytes())
}
