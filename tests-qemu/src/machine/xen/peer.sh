#!/bin/sh
# A domain "peer" besides the guest, of the same image and without its devices, called with
# the word "peer" where the guest is called with "first". Each
# is told the other one's number at data/peer, and at data/offered what the other one
# writes to data/offer. When the peer has ended, its console is shown, and the guest told
# at data/ended.
sed "s/^name = .*/name = 'peer'/; /^cmdline = /s/-- first/-- peer/; /^vif = /d; /^disk = /d" \
    /job/config >/job/peer
until guest=$(xl domid guest 2>/dev/null); do sleep 0.01; done
xl create /job/peer >/job/peer-said 2>&1 || cat /job/peer-said
peer=$(xl domid peer)
tell() {
    xenstore-write "/local/domain/$1/data/$2" "$3"
}
await() {
    until xenstore-exists "$1"; do sleep 0.01; done
    xenstore-read "$1"
}
tell "$guest" peer "$peer"
tell "$peer" peer "$guest"
tell "$peer" offered "$(await "/local/domain/$guest/data/offer")"
tell "$guest" offered "$(await "/local/domain/$peer/data/offer")"
status=$(await "/local/domain/$peer/data/exit-status")
sed 's/^/peer: /' /var/log/xen/console/guest-peer.log
echo "peer: status $status"
tell "$guest" ended 1
