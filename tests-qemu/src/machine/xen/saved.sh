#!/bin/sh
# saved restore  once the guest has written data/started, has it written down, and go on as
#                another domain (init.sh sees to that), which is told at data/restored
# saved go-on    the same, but it goes on as it was, and is told at data/restored
# saved migrate  the same, but it is moved while it runs, from this machine to this machine
until guest=$(xl domid guest 2>/dev/null); do sleep 0.01; done
until xenstore-exists "/local/domain/$guest/data/started"; do sleep 0.01; done
: >/job/saving
case $1 in
go-on)
    : >/job/goes-on
    xl save -c guest /job/copy >/job/asked 2>&1 || cat /job/asked
    rm -f /job/copy /job/saving
    new=$guest
    ;;
migrate)
    : >/job/goes-on
    # While it comes it has another name; its console goes on where it was.
    ln -sf guest-guest.log /var/log/xen/console/guest-guest--incoming.log
    xl migrate -s "" guest "xl migrate-receive" >/job/asked 2>&1 || cat /job/asked
    rm -f /job/saving
    new=$(xl domid guest)
    [ "$new" != "$guest" ] || echo "dom0: the same domain"
    ;;
restore)
    if xl save guest /job/saved.new >/job/asked 2>&1; then
        mv /job/saved.new /job/saved
    else
        cat /job/asked
    fi
    rm -f /job/saving
    new=$guest
    while [ "$new" = "$guest" ]; do
        sleep 0.05
        new=$(xl domid guest 2>/dev/null) || new=$guest
    done
    ;;
esac
echo "dom0: $1"
xenstore-write "/local/domain/$new/data/restored" 1
