/* getenv and its relatives, and what OCaml's runtime is told.
 *
 * @case empty
 * @expect [d=
 * @expect ok:
 *
 * @case small
 * @mem 8
 * @expect [d=1]
 * @expect ok:
 *
 * @case sixty-four
 * @mem 64
 * @expect [d=2]
 * @expect ok:
 *
 * @case five-hundred-twelve
 * @mem 512
 * @machines spt virtio virtio-smp xen xen-smp xen-domain
 * @expect [d=16]
 * @expect ok:
 *
 * @case user-says
 * @cmdline OCAMLRUNPARAM=v=0,d=7
 * @expect [v=0,d=7]
 * @expect ok:
 *
 * @case user-says-minor-heap
 * @mem 64
 * @cmdline OCAMLRUNPARAM=s=32k
 * @expect [s=32k,d=16]
 * @expect ok:
 *
 * @case other-name
 * @mem 64
 * @cmdline CAMLRUNPARAM=b
 * @expect [b,d=2]
 * @expect ok:
 */
#include "check.h"
#include <stdlib.h>

extern char **environ;

static size_t count(void)
{
    size_t n = 0;

    while (environ && environ[n])
        n++;
    return n;
}

int main(int argc, char **argv, char **envp)
{
    size_t before = count();
    char name[] = "N000", own[] = "OWN=first";

    (void)argc, (void)argv;
    CHECK(envp == environ);
    check_print("[");
    check_print(getenv("OCAMLRUNPARAM"));
    check_print("]\n");

    CHECK_STR(getenv("OCAML_RUNTIME_EVENTS_DIR"), "/tmp");
    CHECK_STR(getenv("NONE"), NULL);
    CHECK_STR(getenv(""), NULL);
    CHECK_STR(getenv("A=B"), NULL);
    CHECK_INT(setenv("A", "1", 0), 0);
    CHECK_STR(getenv("A"), "1");
    CHECK_STR(secure_getenv("A"), "1");
    CHECK_INT(setenv("A", "2", 0), 0);
    CHECK_STR(getenv("A"), "1");
    CHECK_INT(setenv("A", "22", 1), 0);
    CHECK_STR(getenv("A"), "22");
    CHECK_STR(getenv("AA"), NULL);
    CHECK_INT(setenv("AA", "", 1), 0);
    CHECK_STR(getenv("AA"), "");
    CHECK_INT(count(), before + 2);
    CHECK_FAILS(setenv("", "x", 1), EINVAL);
    CHECK_FAILS(setenv("A=B", "x", 1), EINVAL);
    CHECK_FAILS(setenv(NULL, "x", 1), EINVAL);
    CHECK_FAILS(unsetenv(""), EINVAL);
    CHECK_FAILS(unsetenv("A=B"), EINVAL);

    /* putenv takes the string itself. */
    CHECK_INT(putenv(own), 0);
    CHECK_STR(getenv("OWN"), "first");
    own[4] = 'F';
    CHECK_STR(getenv("OWN"), "First");
    CHECK_INT(setenv("OWN", "second", 1), 0);
    CHECK_STR(getenv("OWN"), "second");
    CHECK_STR(own, "OWN=First");
    CHECK_INT(unsetenv("OWN"), 0);
    CHECK_STR(getenv("OWN"), NULL);
    CHECK_INT(unsetenv("OWN"), 0);

    for (int i = 0; i < 300; i++) {
        name[1] = (char)('0' + i / 100);
        name[2] = (char)('0' + i / 10 % 10);
        name[3] = (char)('0' + i % 10);
        CHECK_INT(setenv(name, name + 1, 1), 0);
    }
    CHECK_INT(count(), before + 302);
    CHECK_STR(getenv("N123"), "123");
    CHECK_INT(unsetenv("N123"), 0);
    CHECK_STR(getenv("N123"), NULL);
    CHECK_STR(getenv("N299"), "299");

    /* A program may bring a list of its own. */
    char *list[] = {(char *)"X=1", (char *)"Y=2", NULL};
    environ = list;
    CHECK_STR(getenv("Y"), "2");
    CHECK_STR(getenv("A"), NULL);
    CHECK_INT(setenv("Z", "3", 1), 0);
    CHECK_STR(getenv("X"), "1");
    CHECK_STR(getenv("Z"), "3");
    CHECK_INT(count(), 3);
    CHECK(list[2] == NULL);

    CHECK_INT(clearenv(), 0);
    CHECK_STR(getenv("X"), NULL);
    CHECK_INT(count(), 0);
    CHECK_INT(setenv("A", "again", 1), 0);
    CHECK_STR(getenv("A"), "again");
    return check_done();
}
