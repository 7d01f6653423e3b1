#!/bin/sh
# backend vbd|vif await     until the only device of this class is connected
# backend vbd|vif die       its back end dies, and leaves all as it is
# backend vbd|vif close     its back end closes and dies
# backend vbd|vif come      it comes back
class=$1
devices=/sys/bus/xen-backend/devices
driver=/sys/bus/xen-backend/drivers/$class
until [ -e $devices/$class-* ]; do sleep 0.01; done
device=$(basename $devices/$class-*)
domain=${device#*-}
number=${domain#*-}
domain=${domain%-*}
node=backend/$class/$domain/$number
connected() {
    until [ "$(xenstore-read $node/state)" = 4 ]; do sleep 0.01; done
}
case $2 in
await) connected ;;
close)
    xenstore-write $node/state 5
    echo "$device" >$driver/unbind
    ;;
die) echo "$device" >$driver/unbind ;;
come)
    echo "$device" >$driver/bind
    [ "$class" = vbd ] || vif=vif$domain.$number XENBUS_PATH=$node /bin/vif online
    connected
    ;;
esac
echo "dom0: back end of $class: $2"
