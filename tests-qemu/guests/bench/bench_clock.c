/* The monotonic clock in seconds, the same way on every system. */
#include <time.h>

#include <caml/alloc.h>
#include <caml/mlvalues.h>

double bench_now_unboxed(value unit)
{
    struct timespec now;
    (void)unit;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

value bench_now(value unit)
{
    return caml_copy_double(bench_now_unboxed(unit));
}
