/* Domains that the script of `cargo xtask run` has xl run, one after the other, while this one
 * waits: their consoles are the script's own, and so are their exit statuses; nothing is left of
 * them; and one whose name is in use does not begin.
 *
 * @machines xen-domain
 * @timeout 10
 * @cmdline -- first
 * @dom0 run() { sed "s|^name = .*|name = '$1'|; s|-- first|-- $2|" /job/config >/job/other; xl-run /job/other 2>&1; echo "dom0: status $?"; }
 * @dom0 until xl domid guest >/dev/null 2>&1; do sleep 0.01; done
 * @dom0 run other seven; run other crash; run guest seven
 * @dom0 echo "domains: $(xl list | grep -c 'guest\|other')"
 * @dom0 xenstore-write /local/domain/$(xl domid guest)/data/ended 1
 * @expect the argument is seven
 * @expect dom0: status 7
 * @expect the argument is crash
 * @expect dom0: status 255
 * @expect xl has a domain guest already
 * @expect dom0: status 254
 * @expect domains: 1
 * @expect ok:
 */
#include "check.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xen.h>

int main(int argc, char **argv)
{
    char value[8];

    if (argc < 2 || strcmp(argv[1], "first") != 0) {
        printf("the argument is %s\n", argc < 2 ? "missing" : argv[1]);
        if (argc < 2 || strcmp(argv[1], "crash") == 0)
            abort();
        return 7;
    }
    while (xen_store_read("data/ended", value, sizeof value) < 0)
        usleep(50000);
    CHECK_STR(value, "1");
    return check_done();
}
