#!/bin/sh
# A tool of OCaml's, with the tree that this script lies in, wherever that is
# now: bin/NAME runs libexec/NAME, and bytecode with libexec/ocamlrun.
#
#   __V=1                    print the command that is run

me=$(readlink -f "$0")
name=${me##*/}
root=${me%/*/*}
tool=$root/libexec/$name
OCAMLLIB=$root/lib/ocaml
# The C compiler and its like are called by name.
PATH=${root%/*}/bin:$PATH
export OCAMLLIB PATH
unset CAMLLIB
case $name in
ocamlmklib) set -- -ocamlc "$root/bin/ocamlc" -ocamlopt "$root/bin/ocamlopt" "$@" ;;
esac
[ ! -f "$tool.byte" ] || set -- "$root/libexec/ocamlrun" "$tool.byte" "$@"
[ -f "$tool.byte" ] || set -- "$tool" "$@"
[ -z "$__V" ] || echo "$*" >&2
exec "$@"
