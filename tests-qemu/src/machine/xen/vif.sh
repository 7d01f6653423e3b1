#!/bin/sh
# What xl runs to connect or disconnect a virtual interface: dom0 is 10.0.0.1 on it.
[ "$1" = online ] || exit 0
ifconfig "$vif" 10.0.0.1 netmask 255.255.255.0 up
xenstore-write "$XENBUS_PATH/hotplug-status" connected
