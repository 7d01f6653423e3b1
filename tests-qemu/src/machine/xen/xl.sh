#!/bin/sh
# xl.sh FILE: has xl run the domain that FILE describes, with its console here, and nothing left
# of it afterwards. Ends with the exit status that the domain left in xenstore, 255 for a crash,
# 254 if xl fails, 130 if the user wants no more: by a signal, or Ctrl-] on the console.
file=$1
name=$(sed -n "s/^name = '\(.*\)'\$/\1/p" "$file")
if xl domid "$name" >/dev/null 2>&1; then
    echo "xl has a domain $name already: \`xl destroy $name\` ends it" >&2
    exit 254
fi
# Until it is known which domain is to be destroyed nothing ends this.
trap '' HUP INT TERM
# Without a monitor the domain stays until then.
xl create -q -e -p "$file" >&2 || exit 254
id=$(xl domid "$name")
# The console gives the terminal back when it ends.
trap 'xl destroy "$id"; wait' EXIT
trap 'exit 130' HUP INT TERM
exec 3<&0
xl console "$id" <&3 &
console=$!
xl unpause "$id"
# Letters or dashes: running, blocked, paused; shut down, crashed, dying.
while state=$(xl list "$id" | awk 'END { print $5 }') && [ "${state#???}" = --- ]; do
    kill -0 "$console" 2>/dev/null || exit 130
    sleep 0.1
done
# What it said last is on its way through xenconsoled.
sleep 0.3
case ${state#???} in
"") exit 254 ;;
*c*) exit 255 ;;
esac
exit "$(xenstore-read "/local/domain/$id/data/exit-status" 2>/dev/null || echo 0)"
