/* For guests that know who runs next: their threads stay on one CPU, where they take turns. */
#ifndef ONE_CPU_H
#define ONE_CPU_H

#include "check.h"
#include <sched.h>

static void stay_on_one_cpu(void)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(0, &set);
    CHECK_INT(sched_setaffinity(0, sizeof set, &set), 0);
}

#endif
