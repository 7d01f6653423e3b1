/* The smallest program: it prints, and its status reaches the host.
 *
 * @models
 * @mem 8
 * @expect Hello, World
 */
#include <stdio.h>

int main(void)
{
    puts("Hello, World");
    return 0;
}
