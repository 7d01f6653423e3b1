#!/bin/busybox sh
# Process 1 of the small Linux around solo5-hvt. Takes commands, one a line, on
# the first virtio-serial port, and answers there; the second is the console of
# the guests. The host waits for each answer before it sends more, so a read that
# takes more than it was asked for finds nothing that is not its own.
#
#   DATE SECONDS        set the clock                               -> DONE
#   PUT SIZE NAME + bytes
#                       a file: the image                           -> DONE
#   RUN MEM SIZE MARK + bytes of the command line
#                       run the tender; ends on the console with "\0MARK STATUS\n"
/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs none /dev
mount -t proc none /proc
mount -t sysfs none /sys
mount -t tmpfs none /job
# --mem may be more than this machine has: a guest seldom touches all of it.
echo 1 >/proc/sys/vm/overcommit_memory

while read -r module parameters; do
    insmod "/modules/$module" $parameters || echo "agent: $module does not load"
done </modules/order

exec 3<>/dev/vport0p1 4>/dev/vport0p2
solo5-hvt --version >/dev/null 2>&1
[ -c /dev/kvm ] && echo READY >&3 || echo "NO KVM" >&3

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
        cmdline=$(head -c "$b" <&3 && echo .)
        cmdline=${cmdline%.}
        # Through cat: the port takes at most 32 KiB at a time, and a tender
        # does not look at how much was written.
        {
            solo5-hvt --mem="$a" -- /job/image ${cmdline:+"$cmdline"} </dev/null 3<&- 4>&-
            echo $? >/job/status
        } 2>&1 | cat >&4
        printf '\000%s %s\n' "$mark" "$(cat /job/status)" >&4
        ;;
    esac
done
echo "agent: the host is gone"
poweroff -f
