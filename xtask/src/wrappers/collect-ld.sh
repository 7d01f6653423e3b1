#!/bin/sh
# What gcc runs as its linker: ld, without the library directories that gcc
# itself adds. Those hold the host's libraries, and a missing one of ours would
# be taken from there in silence.

IFS='
'
host=$("${NOLIBC_CC:-gcc}" -print-search-dirs | sed -n 's/^libraries: =//p' | tr : '\n')
for arg do
    shift
    case $arg in
    -L*)
        for directory in $host; do
            [ "${arg%/}" = "-L${directory%/}" ] && continue 2
        done ;;
    esac
    set -- "$@" "$arg"
done
unset IFS
[ -z "$__V" ] || echo "${NOLIBC_LD:-ld} $*" >&2
exec "${NOLIBC_LD:-ld}" -nostdlib "$@"
