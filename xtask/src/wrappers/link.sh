#!/bin/sh
# Links one program for several machines.
#
#   x86_64-nolibc-ocaml-link PROGRAM.o IMAGE...
#
# PROGRAM.o is what `ocamlopt -output-complete-obj` made, dune's
# `(modes object)`. The end of an image's name says which machine it is for:
# hello.spt, hello.hvt, hello.virtio, hello.spt-abi1.

me=$(readlink -f "$0")
root=${me%/*/*}
fail() { echo "${0##*/}: $*" >&2; exit 1; }
[ $# -ge 2 ] || fail "usage: ${0##*/} PROGRAM.o IMAGE..."
object=$1
shift
for image do
    backend=${image##*.}
    case ${image##*/} in
    *.*) ;;
    *) fail "$image does not say which machine it is for: NAME.spt, NAME.hvt, NAME.virtio" ;;
    esac
    "$root/bin/x86_64-nolibc-ocaml-gcc" "$root/cross/lib/main.o" "$object" \
        "$root/cross/lib/ocaml/libasmrun.a" -o "$image" -z "nolibc-backend=$backend" || exit
done
