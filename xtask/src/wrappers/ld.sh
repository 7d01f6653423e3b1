#!/bin/sh
# The linker for unikernels, which never looks into the host's libraries.
#
#   -z nolibc-backend=NAME   link for this machine (-z solo5-abi=NAME is the same)
#   -z solo5-version=N       ABI version of Solo5's tenders: 1 for 0.7, 2 (default)
#   __V=1                    print the command that is run

me=${0##*/}
fail() { echo "$me: $*" >&2; exit 1; }
root=$(dirname "$(dirname "$(readlink -f "$0")")")
lib=$root/lib
ld=${NOLIBC_LD:-ld}
unset LD_LIBRARY_PATH LD_RUN_PATH

backend=
version=
skip=
for arg do
    shift
    if [ -n "$skip" ]; then
        skip=
        case $arg in
        nolibc-backend=*|solo5-abi=*) backend=${arg#*=} ;;
        solo5-version=*) version=${arg#*=} ;;
        *) set -- "$@" -z "$arg" ;;
        esac
        continue
    fi
    case $arg in
    -z) skip=1 ;;
    *) set -- "$@" "$arg" ;;
    esac
done

if [ -n "$backend" ]; then
    script=$lib/nolibc/$backend.lds
    if [ ! -f "$script" ]; then
        known=$(cd "$lib/nolibc" && printf ' %s' *.lds)
        fail "unknown backend '$backend'; there are:$(echo "$known" | sed 's/\.lds//g')"
    fi
    object=$lib/nolibc/$backend.o
    if [ ! -f "$object" ]; then
        object=$lib/nolibc/$backend-abi${version:-2}.o
        [ -f "$object" ] || fail "backend '$backend' has no ABI version '$version'; there are 1 and 2"
    fi
    set -- "$object" "$@" -static --gc-sections --build-id=none -T "$script" -L"$lib" -lnolibc
fi
[ -z "$__V" ] || echo "$ld -nostdlib -z max-page-size=0x1000 $*" >&2
exec "$ld" -nostdlib -z max-page-size=0x1000 "$@"
