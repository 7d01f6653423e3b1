#!/bin/busybox sh
# Process 1 of dom0: Xen's toolstack, and an agent for the host. Takes commands, one
# a line, on the first virtio-serial port, and answers there; the second is the
# console of the guests. The host waits for each answer before it sends more.
#
#   DATE SECONDS        set the clock                               -> DONE
#   PUT SIZE NAME + bytes
#                       a file: the image, or the ramdisk           -> DONE
#   RUN MEM SIZE MARK + bytes of xl's configuration, for a domain "guest"
#                       run it, and what its lines "#dom0 ..." say beside it;
#                       ends on the console with "\0MARK STATUS\n"
/bin/busybox --install -s /bin
export PATH=/bin LD_LIBRARY_PATH=/lib
mount -t devtmpfs none /dev
mount -t proc none /proc
mount -t sysfs none /sys
mount -t tmpfs none /job
mkdir -p /dev/pts
mount -t devpts none /dev/pts
load() {
    while read -r module parameters; do
        insmod "/modules/$module" $parameters || echo "agent: $module does not load"
    done <"/modules/$1"
}
load order
mount -t xenfs none /proc/xen
logs=/var/log/xen/console
mkdir -p /run/xenstored /run/xen /var/lib/xen /var/lib/xenstored "$logs" /var/lock
ln -s /run /var/run
mkdir -p /etc/xen
: >/etc/xen/xl.conf

# A disk of 2048 blocks; each begins with its number.
block=0
while [ $block -lt 2048 ]; do
    printf '%-511d\n' $block
    block=$((block + 1))
done >/disk
cp /disk /job/disk
losetup /dev/loop0 /job/disk

exec 3<>/dev/vport0p1 4>/dev/vport0p2
xenstored --pid-file /run/xenstored.pid &&
    xen-init-dom0 >/job/said 2>&1 &&
    xenconsoled --log=guest --log-dir="$logs" &&
    xl list >>/job/said 2>&1 && echo READY >&3 || echo "NO TOOLSTACK: $(tail -n 1 /job/said)" >&3

# What QEMU has attached for the guest: its disks are /dev/vda and so on, its networks behind the
# bridges br0 and so on, with the MTU that is given.
devices() {
    echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
    load devices
    for path in /sys/class/net/eth*; do
        card=${path##*/}
        bridge=br${card#eth}
        brctl addbr "$bridge"
        brctl addif "$bridge" "$card"
        ifconfig "$card" mtu "$1" up
        ifconfig "$bridge" up
    done
}

# The status of the domain that `xl create -F` saw end: what it left in xenstore, or
# 255 for a crash.
status() {
    said=$(xenstore-read "/local/domain/$1/data/exit-status" 2>/dev/null)
    case $(grep -o -m 1 'reason code [0-9]*' /job/said) in
    'reason code 0') echo "${said:-0}" ;;
    'reason code 1')
        echo 'dom0: it is to be started again' >&4
        echo "${said:-0}"
        ;;
    'reason code 3') echo 255 ;;
    *) echo 254 ;;
    esac
}

while read -r command a b mark <&3; do
    case $command in
    DATE)
        date -s "@$a" >/dev/null
        echo DONE >&3
        ;;
    PUT)
        head -c "$a" <&3 >"/job/$b"
        echo DONE >&3
        ;;
    RUN)
        head -c "$b" <&3 >/job/config
        ! grep -q /dev/loop0 /job/config || cat /disk >/job/disk
        mtu=$(sed -n 's/^#devices //p' /job/config)
        [ -z "$mtu" ] || devices "$mtu"
        # xenconsoled writes the domain's log while there is a domain.
        rm -f "$logs/guest-guest.log" /job/saving /job/saved /job/goes-on
        mkfifo "$logs/guest-guest.log"
        cat "$logs/guest-guest.log" >&4 &
        sed -n 's/^#dom0 //p' /job/config >/job/beside
        sh /job/beside >&4 2>&1 3<&- &
        beside=$!
        xl create -F /job/config >/job/said 2>&1 3<&- 4>&-
        # saved.sh is on its way; the domain goes on as another one.
        while [ -e /job/saving ]; do sleep 0.01; done
        if [ -e /job/goes-on ]; then
            # xl does not watch it any longer.
            while xl list guest 2>/dev/null | grep guest | grep -qv -- '[-rbp]s'; do sleep 0.01; done
            echo 'reason code 0' >/job/said
        elif [ -e /job/saved ]; then
            cat "$logs/guest-guest.log" >&4 &
            xl restore -F /job/saved >/job/said 2>&1 3<&- 4>&-
        fi
        kill "$beside" 2>/dev/null
        ! xl domid peer >/dev/null 2>&1 || xl destroy peer
        id=$(xl domid guest 2>/dev/null)
        if [ -n "$id" ]; then
            status=$(status "$id")
            xl destroy "$id"
        else
            status=254
            : >"$logs/guest-guest.log"
        fi
        wait
        ! grep -q /dev/loop0 /job/config ||
            printf 'dom0: block 7 is %s\n' "$(tail -c +3585 /job/disk | head -c 20)" >&4
        [ "$status" != 254 ] || cat /job/said >&4
        printf '\000%s %s\n' "$mark" "$status" >&4
        ;;
    esac
done
echo "agent: the host is gone"
poweroff -f
