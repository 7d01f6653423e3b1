/* A failed assertion says which one and where, and the machine ends.
 *
 * @status 255
 * @expect begin
 * @expect assertion failed: one + 1 == 3,
 * @expect assert.c:
 * @expect (main)
 * @reject survived
 */
#include "check.h"
#include <assert.h>

int main(int argc, char **argv)
{
    int one = argc > 0;

    (void)argv;
    check_print("begin\n");
    assert(one);
    assert(one + 1 == 3);
    check_print("survived\n");
    return 0;
}
