#!/bin/sh
# The linker for unikernels, which never looks into the host's libraries.
#
#   -z nolibc-backend=NAME   link for this machine (-z solo5-abi=NAME is the same);
#                            NAME-abi1 for a tender of Solo5 0.7
#   __V=1                    print the command that is run

me=${0##*/}
fail() { echo "$me: $*" >&2; exit 1; }
root=$(dirname "$(dirname "$(readlink -f "$0")")")
lib=$root/lib
ld=${NOLIBC_LD:-ld}
unset LD_LIBRARY_PATH LD_RUN_PATH

backend=
relocatable=
skip=
for arg do
    shift
    if [ -n "$skip" ]; then
        skip=
        case $arg in
        nolibc-backend=*|solo5-abi=*) backend=${arg#*=} ;;
        *) set -- "$@" -z "$arg" ;;
        esac
        continue
    fi
    case $arg in
    -z) skip=1 ;;
    -znolibc-backend=*|-zsolo5-abi=*) backend=${arg#*=} ;;
    -r|-i|-Ur|--relocatable|-relocatable) relocatable=1; set -- "$@" "$arg" ;;
    *) set -- "$@" "$arg" ;;
    esac
done

[ -z "$skip" ] || fail "-z without a value"

# An object that is linked again, as by `ocamlopt -output-complete-obj`, is for no machine yet.
if [ -n "$backend" ] && [ -z "$relocatable" ]; then
    script=$lib/nolibc/${backend%-abi[0-9]}.lds
    object=$lib/nolibc/$backend.o
    [ -f "$object" ] || object=$lib/nolibc/$backend-abi2.o
    if [ ! -f "$script" ] || [ ! -f "$object" ]; then
        known=$(cd "$lib/nolibc" && echo *.o | sed 's/\.o//g')
        fail "unknown backend '$backend'; there are: $known"
    fi
    # As in the compiler wrapper: for a main that is in an archive before ours, and
    # so that what calls solo5_yield parks its thread alone.
    set -- "$object" -u main --wrap=solo5_yield "$@" -static --gc-sections --build-id=none -T "$script" -L"$lib" -lnolibc
fi
[ -z "$__V" ] || echo "$ld -nostdlib -z max-page-size=0x1000 $*" >&2
exec "$ld" -nostdlib -z max-page-size=0x1000 "$@"
