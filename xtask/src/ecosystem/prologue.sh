# Before each step of `cargo xtask test ecosystem`: where things are, and the ways in
# which packages are built. A package is a directory below $work, as it was released.

work=$PWD
prefix=${OCAMLFIND_CONF%/lib/*}
sysroot=$prefix/nolibc-sysroot
host=$sysroot/host/lib/ocaml
tools=$work/tools
mkdir -p "$tools/bin"
ln -sf "$ECOSYSTEM_DUNE" "$tools/bin/dune"
export PATH=$tools/bin:$PATH
export DUNE_PROFILE=release

# topkg NAME ARGS: for unikernels and for this machine, installed.
topkg() {
    name=$1
    shift
    cd "$work/$name"
    ocaml pkg/pkg.ml build --dev-pkg false "$@"
    opam-installer --prefix="$tools" --libdir="$host" "$name.install"
    rm -r _build "$name.install"
    ocaml pkg/pkg.ml build --dev-pkg false --toolchain nolibc "$@"
    opam-installer --prefix="$sysroot" --libdir="$sysroot/lib" "$name.install"
}

# with_dune DIRECTORY PACKAGE: the same.
with_dune() {
    cd "$work/$1"
    dune build -x nolibc -p "$2" "$2.install" "$2-nolibc.install"
    dune install --root . --context default --prefix "$tools" --libdir "$host" "$2"
    dune install --root . -x nolibc --context default.nolibc --prefix "$prefix" "$2"
}

# for_unikernels COMMAND: as a package's own configure expects a cross compiler.
for_unikernels() {
    OCAMLFIND_TOOLCHAIN=nolibc PKG_CONFIG_LIBDIR=$sysroot/lib/pkgconfig \
        PATH=$sysroot/cross/bin:$PATH "$@"
}
