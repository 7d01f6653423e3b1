#!/bin/sh
# Waits until the guest has written data/started, and has xl ask it to end: "shutdown" or "reboot".
# "often": asks 30 times itself, again as soon as the guest has taken the last request.
until guest=$(xl domid guest 2>/dev/null); do sleep 0.01; done
until xenstore-exists "/local/domain/$guest/data/started"; do sleep 0.01; done
echo "dom0: $1"
if [ "$1" != often ]; then
    xl "$1" guest >/job/asked 2>&1 || cat /job/asked
    exit
fi
request=/local/domain/$guest/control/shutdown
times=0
while [ $times -lt 30 ]; do
    xenstore-write "$request" poweroff
    while [ -n "$(xenstore-read "$request")" ]; do :; done
    times=$((times + 1))
done
