//! Nothing of this machine gets into a unikernel.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use super::holds;
use super::shell::Shell;

/// Variables by which a compiler is told of other directories, all with poison in them.
const POISON: &str = "mkdir -p poison
for file in stdio.h string.h solo5.h caml/mlvalues.h; do
    mkdir -p poison/$(dirname $file); echo '#error poison' > poison/$file
done
for file in libm.a libc.a libpthread.a libnolibc.a libasmrun.a; do echo poison > poison/$file; done
for tool in as ld collect2 cc1; do
    printf '#!/bin/sh\\necho poison >&2; exit 1\\n' > poison/$tool; chmod +x poison/$tool
done
poison=$PWD/poison
export CPATH=$poison C_INCLUDE_PATH=$poison LIBRARY_PATH=$poison COMPILER_PATH=$poison
export LD_RUN_PATH=$poison OCAMLLIB=$poison CAMLLIB=$poison
";

/// Headers: none of those that the environment offers, none of glibc's.
pub fn headers(shell: &Shell) -> Result<()> {
    shell.project(
        "headers",
        &[
            (
                "main.c",
                "#include <stdio.h>\n#include <string.h>\n#include <solo5.h>\n\
                    int main(void) { puts(\"clean\"); return 0; }\n",
            ),
            (
                "glibc.c",
                "#include <gnu/libc-version.h>\nint main(void) { return 0; }\n",
            ),
            ("main.ml", "let () = print_endline \"clean too\"\n"),
        ],
    )?;
    let script = format!(
        "{POISON}x86_64-nolibc-ocaml-gcc main.c -o main.spt -lm -z nolibc-backend=spt
         solo5-spt main.spt
         ocamlfind -toolchain nolibc ocamlopt main.ml -o main.exe -cclib '-z nolibc-backend=spt'
         solo5-spt main.exe"
    );
    let said = shell.run("headers", &script)?;
    holds(&said, "clean\n")?;
    holds(&said, "clean too\n")?;
    shell.run("headers", "gcc -c glibc.c")?;
    shell.refused(
        "headers",
        "x86_64-nolibc-ocaml-gcc -c glibc.c",
        "No such file",
    )
}

/// Libraries: what is linked lies in the toolchain or in the project, but for gcc's own
/// support of its code.
pub fn libraries(shell: &Shell) -> Result<()> {
    shell.project(
        "libraries",
        &[
            ("main.c", "int main(void) { return 0; }\n"),
            (
                "main.ml",
                "let () = Thread.join (Thread.create ignore ())\n",
            ),
        ],
    )?;
    let said = shell.run(
        "libraries",
        "x86_64-nolibc-ocaml-gcc -print-libgcc-file-name
         ocamlfind -toolchain nolibc ocamlopt -thread -package threads.posix,str -linkpkg main.ml \
         -o main.exe -cclib '-Wl,-t -lm -lpthread -ldl -lutil -lrt -lc -z nolibc-backend=spt'",
    )?;
    let mut lines = said.lines();
    let support = lines.next().unwrap_or_default();
    let prefix = fs::canonicalize(&shell.prefix)?;
    let mut inputs = 0;
    for line in lines {
        // A member of an archive: `(archive)member` or `archive(member)`.
        let name = line.trim_start_matches('(');
        let name = name.split(['(', ')']).next().unwrap_or(name);
        let path = Path::new(name);
        let is_own = path.starts_with(&prefix) || path.starts_with(&shell.work);
        let is_ours = is_own || path.is_relative() || name.starts_with("/tmp/caml");
        ensure!(is_ours || name == support, "linked from outside: {line}");
        inputs += usize::from(is_own);
    }
    ensure!(
        inputs > 5,
        "the linker names {inputs} inputs of ours:\n{said}"
    );
    // glibc has these, and we do not.
    for library in ["anl", "resolv"] {
        shell.run("libraries", &format!("gcc main.c -o host -l{library}"))?;
        shell.refused(
            "libraries",
            &format!("x86_64-nolibc-ocaml-gcc main.c -o main.spt -l{library}"),
            &format!("cannot find -l{library}"),
        )?;
    }
    Ok(())
}

/// OCaml's packages: one of this machine is found for this machine alone.
pub fn packages(shell: &Shell) -> Result<()> {
    shell.project(
        "packages",
        &[
            ("dune", "(executable (name main) (libraries local))\n"),
            ("main.ml", "let () = print_endline Local.text\n"),
        ],
    )?;
    shell.run(
        "packages",
        "mkdir -p libraries/local && cd libraries/local
         echo 'let text = \"of this machine\"' > local.ml
         ocamlopt -a local.ml -o local.cmxa && ocamlc -a local.ml -o local.cma
         printf 'archive(native)=\"local.cmxa\"\\narchive(byte)=\"local.cma\"\\n' > META",
    )?;
    // Where dune looks, and where findlib's configuration says.
    let dune = "export OCAMLPATH=$PWD/libraries; dune";
    let said = shell.run("packages", &format!("{dune} exec ./main.exe"))?;
    holds(&said, "of this machine")?;
    let cross = format!("{dune} build -x nolibc ./main.exe");
    shell.refused("packages", &cross, "\"local\"")?;
    let installed = shell.prefix.join("lib/local");
    fs::create_dir_all(&installed)?;
    fs::write(installed.join("META"), "requires = \"\"\n")?;
    shell.run("packages", "ocamlfind query local")?;
    let cross = "ocamlfind -toolchain nolibc query local";
    shell.refused("packages", cross, "not found")?;
    fs::remove_dir_all(installed)?;
    Ok(())
}
