#!/bin/sh
# What xl runs to connect or disconnect a virtual interface: it is on the bridge that xl's
# configuration names, if there is one, or else dom0 is 10.0.0.1 on it.
[ "$1" = online ] || exit 0
bridge=$(xenstore-read "$XENBUS_PATH/bridge" 2>/dev/null)
if [ -e "/sys/class/net/$bridge/bridge" ]; then
    ifconfig "$vif" mtu "$(cat "/sys/class/net/$bridge/mtu")" up
    brctl addif "$bridge" "$vif"
else
    ifconfig "$vif" 10.0.0.1 netmask 255.255.255.0 up
fi
xenstore-write "$XENBUS_PATH/hotplug-status" connected
