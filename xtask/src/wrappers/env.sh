#!/bin/sh
# What a shell needs to use the toolchain in the directory above this one:
#
#   eval "$(DIR/bin/nolibc-env)"
#
# A few text files hold the name of DIR. Where it has another name by now, they
# are told first.

me=$(readlink -f "$0")
prefix=${me%/*/*}
record=$prefix/nolibc-sysroot/prefix
fail() { echo "nolibc-env: $*" >&2; exit 1; }
[ -f "$record" ] || fail "$prefix holds no toolchain: there is no $record"
old=$(cat "$record")
if [ "$old" != "$prefix" ]; then
    case $prefix in
    *[!A-Za-z0-9_./+@%-]*) fail "the name $prefix has letters that build tools do not take" ;;
    esac
    cat "$prefix"/nolibc-sysroot/parts/*.named | while read -r file; do
        LC_ALL=C sed -i "s|$old\([^A-Za-z0-9_.+@%-]\)|$prefix\1|g; s|$old\$|$prefix|" "$prefix/$file" ||
            fail "cannot change $prefix/$file; $old was moved here"
    done || exit
    echo "$prefix" > "$record" || fail "cannot write $record"
fi
echo "PATH='$prefix/bin':\$PATH; export PATH"
echo "OCAMLFIND_CONF='$prefix/lib/findlib.conf'; export OCAMLFIND_CONF"
