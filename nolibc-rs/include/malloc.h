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

/* Figures about memory: bytes, but for the counts. total = used + cached + free, and
 * used = live + mapped + tables; exact at all times unless said. */
struct malloc_statistics {
    size_t total;         /* all memory */
    size_t used;          /* what no new allocation can get */
    size_t live;          /* of that, blocks, with the heads of the slabs that they lie in */
    size_t mapped;        /* of that, mmap's */
    size_t tables;        /* of that, what says which memory is what */
    size_t cached;        /* free, but kept for small blocks of one size */
    size_t free;          /* in free runs */
    size_t free_runs;     /* how many these are */
    size_t longest_free;  /* the longest of them, within a sixteenth */
    size_t fragmentation; /* how much of free the longest is not, in thousandths */
    size_t most_used;     /* the most that was ever not in free runs */
    size_t failures;      /* how many requests were refused for want of room */
    size_t last_failure;  /* what the last of them asked for */
};

NOLIBC_BEGIN

void *memalign(size_t align, size_t size);
void *valloc(size_t size);
void *pvalloc(size_t size);
size_t malloc_usable_size(void *block);
int malloc_trim(size_t pad);
struct mallinfo2 mallinfo2(void);
void malloc_statistics(struct malloc_statistics *figures);
/* Print them on standard error. */
void malloc_stats(void);

/* The bytes that no new allocation can get; exact, and memory is not walked for it. */
size_t malloc_memory_usage(void);
size_t malloc_footprint(void);
size_t malloc_max_footprint(void);
/* 0 is no limit. */
size_t malloc_footprint_limit(void);
/* SIZE_MAX is no limit; answers the limit. */
size_t malloc_set_footprint_limit(size_t bytes);

NOLIBC_END

#endif
