#!/bin/sh
# Waits until the guest has written data/started, and has xl ask it to end: "shutdown" or "reboot".
until guest=$(xl domid guest 2>/dev/null); do sleep 0.01; done
until xenstore-exists "/local/domain/$guest/data/started"; do sleep 0.01; done
echo "dom0: $1"
xl "$1" guest >/job/asked 2>&1 || cat /job/asked
