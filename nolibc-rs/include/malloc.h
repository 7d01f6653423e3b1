/* <malloc.h>: memory beyond the standard's functions, and figures about it. */
#ifndef NOLIBC_MALLOC_H
#define NOLIBC_MALLOC_H

#include <features.h>
#include <stdlib.h>

/* As struct mallinfo, whose members are as wide here. */
struct mallinfo2 {
    size_t arena;
    size_t ordblks;
    size_t smblks;
    size_t hblks;
    size_t hblkhd;
    size_t usmblks;
    size_t fsmblks;
    size_t uordblks;
    size_t fordblks;
    size_t keepcost;
};

NOLIBC_BEGIN

void *memalign(size_t align, size_t size);
void *valloc(size_t size);
void *pvalloc(size_t size);
size_t malloc_usable_size(void *block);
int malloc_trim(size_t pad);
struct mallinfo2 mallinfo2(void);

/* The bytes that no new allocation can get; exact, and costs no walk. */
size_t malloc_memory_usage(void);
size_t malloc_footprint(void);
size_t malloc_max_footprint(void);
/* 0 is no limit. */
size_t malloc_footprint_limit(void);
/* SIZE_MAX is no limit; answers the limit. */
size_t malloc_set_footprint_limit(size_t bytes);

NOLIBC_END

#endif
