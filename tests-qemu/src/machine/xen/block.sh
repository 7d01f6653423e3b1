#!/bin/sh
# What xl runs to connect or disconnect a virtual disk: tells the back end which device
# it is on. Debian's own scripts want more tools than dom0 here has.
[ "$1" = add ] || exit 0
device=$(xenstore-read "$XENBUS_PATH/params")
xenstore-write "$XENBUS_PATH/physical-device" "$(stat -L -c %t:%T "$device")"
xenstore-write "$XENBUS_PATH/hotplug-status" connected
