#!/bin/sh
# The C compiler for unikernels: gcc, with the headers and libraries of the
# sysroot that this script lies in and no others.
#
#   -z nolibc-backend=NAME   link for this machine (-z solo5-abi=NAME is the same);
#                            NAME-abi1 for a tender of Solo5 0.7
#   __V=1                    print the command that is run
#   NOLIBC_CC=gcc            the compiler itself
#
# Without a backend a program is linked against a stub, which nothing can run:
# configure scripts do that.

me=${0##*/}
fail() { echo "$me: $*" >&2; exit 1; }
root=$(dirname "$(dirname "$(readlink -f "$0")")")
[ -d "$root/include" ] || fail "no headers in $root/include; run 'cargo xtask sysroot'"
cc=${NOLIBC_CC:-gcc}
own=$("$cc" -print-file-name=include) || fail "cannot run '$cc'; install gcc"

# What the host would add behind our back.
unset CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH OBJC_INCLUDE_PATH LIBRARY_PATH
unset COMPILER_PATH GCC_EXEC_PREFIX DEPENDENCIES_OUTPUT SUNPRO_DEPENDENCIES

mode=link
backend=stub
inputs=
skip=
for arg do
    shift
    case $skip in
    z)
        skip=
        case $arg in
        nolibc-backend=*|solo5-abi=*) backend=${arg#*=} ;;
        *) set -- "$@" -z "$arg" ;;
        esac
        continue ;;
    keep)
        skip=
        set -- "$@" "$arg"
        continue ;;
    esac
    case $arg in
    -z) skip=z; continue ;;
    -znolibc-backend=*|-zsolo5-abi=*|-Wl,-z,nolibc-backend=*|-Wl,-z,solo5-abi=*)
        backend=${arg##*=}; continue ;;
    -c|-S|-E|-M|-MM|-fsyntax-only) mode=compile ;;
    -r|-Wl,-r) mode=relocatable ;;
    -shared) fail "a unikernel has no shared libraries" ;;
    -o|-D|-U|-I|-L|-l|-T|-u|-e|-x|-include|-imacros|-isystem|-iquote|-idirafter|-MF|-MT|-MQ|-Xlinker|-Xassembler|-Xpreprocessor|--param)
        skip=keep ;;
    -|-l*) inputs=1 ;;
    -*) ;;
    *) inputs=1 ;;
    esac
    set -- "$@" "$arg"
done
[ -z "$skip" ] || [ "$skip" = keep ] || fail "-z without a value"

run() {
    [ -z "$__V" ] || echo "$*" >&2
    exec "$@"
}

# --version, -dumpmachine, -print-file-name=...
if [ "$mode" = link ] && [ -z "$inputs" ]; then
    run "$cc" "$@"
fi

set -- \
    -nostdinc -isystem "$root/include" -isystem "$own" \
    -include _solo5/overrides.h \
    -fno-pic -fno-pie -ftls-model=local-exec \
    -mstack-protector-guard=global -fstack-protector-strong \
    -fcf-protection=none -ffunction-sections \
    "$@"
lib=$root/lib

case $mode in
compile)
    run "$cc" "$@" ;;
relocatable)
    run "$cc" -B"$lib/nolibc/" "$@" -nostdlib -no-pie ;;
esac

script=$lib/nolibc/${backend%-abi[0-9]}.lds
object=$lib/nolibc/$backend.o
[ -f "$object" ] || object=$lib/nolibc/$backend-abi2.o
if [ ! -f "$script" ] || [ ! -f "$object" ]; then
    known=$(cd "$lib/nolibc" && echo *.o | sed 's/\.o//g')
    fail "unknown backend '$backend'; there are: $known"
fi
# -u main: main may be in an archive before -lnolibc, whose solo5_app_main is
# the first to ask for it (OCaml's runtime). --wrap: what calls solo5_yield
# parks its thread, and others run.
run "$cc" -B"$lib/nolibc/" "$object" -Wl,-u,main "$@" \
    -nostdlib -static -no-pie -L"$lib" -T "$script" \
    -Wl,-z,max-page-size=0x1000 -Wl,--build-id=none -Wl,--gc-sections -Wl,--wrap=solo5_yield \
    -lnolibc -x none "$("$cc" -print-libgcc-file-name)"
