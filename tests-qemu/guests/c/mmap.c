/* mmap and its relatives: reservations, commits inside them, partial unmapping, and
 * every error.
 *
 * @mem 16
 * @expect ok:
 */
#include "check.h"
#include <fcntl.h>
#include <machine.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PAGE ((size_t)4096)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

static volatile size_t huge = SIZE_MAX;

static int holds(const unsigned char *p, size_t len, int byte)
{
    while (len > 0)
        if (p[--len] != byte)
            return 0;
    return 1;
}

/* Make sure that free memory is not zero by accident. */
static void soil(void)
{
    size_t len = 4 << 20;
    void *p = malloc(len);

    CHECK(p != NULL);
    memset(p, 0xaa, len);
    free(p);
}

static void whole(void)
{
    size_t before = malloc_memory_usage();
    unsigned char *p = mmap(NULL, 10 * PAGE - 1, RW, ANON, -1, 0);

    CHECK(p != MAP_FAILED && (uintptr_t)p % PAGE == 0);
    CHECK(holds(p, 10 * PAGE, 0));
    CHECK_INT(malloc_memory_usage(), before + 10 * PAGE);
    memset(p, 1, 10 * PAGE);
    CHECK_INT(munmap(p, 10 * PAGE), 0);
    CHECK_INT(malloc_memory_usage(), before);
    /* There is no mapping any more, which is no error. */
    CHECK_INT(munmap(p, 10 * PAGE), 0);
    CHECK_INT(malloc_memory_usage(), before);
}

/* As OCaml does: reserve more, trim both ends, commit and decommit in between. */
static void reservation(int again)
{
    size_t before = malloc_memory_usage(), len = 64 * PAGE;
    unsigned char *p = mmap(NULL, 2 * len, PROT_NONE, ANON, -1, 0);
    unsigned char *middle = p + 16 * PAGE;

    CHECK(p != MAP_FAILED);
    CHECK_INT(munmap(p, 16 * PAGE), 0);
    CHECK_INT(munmap(middle + len, 48 * PAGE), 0);
    CHECK(mmap(middle, 8 * PAGE, RW, ANON | MAP_FIXED, -1, 0) == middle);
    CHECK(holds(middle, 8 * PAGE, 0));
    memset(middle, 2, 8 * PAGE);
    CHECK(mmap(middle, 4 * PAGE, PROT_NONE, ANON | MAP_FIXED, -1, 0) == middle);
    CHECK(holds(middle + 4 * PAGE, 4 * PAGE, 2));
    CHECK(mmap(middle, 8 * PAGE, RW, ANON | MAP_FIXED, -1, 0) == middle);
    CHECK(holds(middle, 8 * PAGE, 0));
    /* Nothing else gets an address in the reservation. */
    for (size_t size = 16; size < 1 << 20; size *= 3) {
        unsigned char *q = malloc(size);

        CHECK(q + size <= middle || q >= middle + len);
        free(q);
    }
    CHECK_INT(mprotect(middle + 32 * PAGE, PAGE, RW), 0);
    CHECK(holds(middle + 32 * PAGE, PAGE, 0));
    memset(middle + 32 * PAGE, 3, PAGE);
    CHECK_INT(mprotect(middle + 32 * PAGE, PAGE, PROT_NONE), 0);
    CHECK_INT(mprotect(middle + 32 * PAGE, PAGE, PROT_READ), 0);
    CHECK(holds(middle + 32 * PAGE, PAGE, 3));
    CHECK_INT(madvise(middle + 32 * PAGE, PAGE, MADV_DONTNEED), 0);
    CHECK(holds(middle + 32 * PAGE, PAGE, 0));
    /* A hole in the middle, and all that is around it at once. */
    CHECK_INT(munmap(middle + 20 * PAGE, 10 * PAGE), 0);
    CHECK_INT(munmap(middle, len), 0);
    /* Page tables that were wanted on the way are not given back. */
    if (again)
        CHECK_INT(malloc_memory_usage(), before);
}

/* More than there is memory: addresses only, or without paging the first of them with
 * memory and the others without. */
static void beyond_memory(void)
{
    size_t len = (size_t)1 << 30, before;
    unsigned char *p = mmap(NULL, len, PROT_NONE, ANON, -1, 0), *q;

    CHECK(p != MAP_FAILED);
    CHECK(mmap(p, 2 << 20, RW, ANON | MAP_FIXED, -1, 0) == p);
    CHECK(holds(p, 2 << 20, 0));
    memset(p, 1, 2 << 20);
    CHECK_FAILS(mprotect(p, len, RW), ENOMEM);
    CHECK(holds(p, 2 << 20, 1));
    for (int i = 0; i < 100; i++) {
        q = malloc(i * 1000);
        CHECK(q < p || q >= p + len);
        free(q);
    }
    CHECK_INT(madvise(p, len, MADV_DONTNEED), 0);
    CHECK(holds(p, 2 << 20, 0));
    before = malloc_memory_usage();
    CHECK(mmap(p, 2 << 20, PROT_NONE, ANON | MAP_FIXED, -1, 0) == p);
    if (machine_features() & MACHINE_PAGES)
        CHECK_INT(malloc_memory_usage(), before - (2 << 20));
    CHECK_INT(munmap(p, len), 0);
    CHECK_FAILS(mprotect(p, PAGE, RW), ENOMEM);
    CHECK_FAILS(mprotect(p + len - PAGE, PAGE, RW), ENOMEM);
    p = malloc(10 << 20);
    CHECK(p != NULL);
    free(p);
}

/* Free memory in pieces of 64 KiB makes one long block and one long mapping where there is
 * paging, which grow and shrink. */
static void scattered(void)
{
    enum { MOST = 256 };
    static void *pieces[MOST];
    size_t count = 0, len = 1 << 20;
    unsigned char *block, *mapping, *moved;

    while (count < MOST && (pieces[count] = malloc(60 << 10)) != NULL)
        count++;
    CHECK(count > 100 && count < MOST);
    for (size_t i = 0; i < count; i += 2)
        free(pieces[i]);
    block = malloc(len);
    mapping = mmap(NULL, len, RW, ANON, -1, 0);
    if (machine_features() & MACHINE_PAGES) {
        CHECK(block != NULL && (uintptr_t)block % PAGE == 0 && malloc_usable_size(block) == len);
        CHECK(mapping != MAP_FAILED && holds(mapping, len, 0));
        memset(block, 1, len);
        memset(mapping, 2, len);
        /* Its neighbours hold on to their places, so both move. */
        void *other = malloc(len);
        CHECK(other != NULL);
        moved = realloc(block, 2 * len);
        CHECK(moved != NULL && holds(moved, len, 1));
        memset(moved + len, 3, len);
        block = realloc(moved, len + 1);
        CHECK(block == moved && malloc_usable_size(block) == len + PAGE && block[len] == 3);
        mapping = mremap(mapping, len, 2 * len, MREMAP_MAYMOVE);
        CHECK(mapping != MAP_FAILED && holds(mapping, len, 2) && holds(mapping + len, len, 0));
        CHECK_INT(munmap(mapping, 2 * len), 0);
        CHECK(calloc(1, len) != NULL);
        CHECK(malloc(12 << 20) == NULL);
        free(other);
        block = realloc(block, 10);
        CHECK(block != NULL && holds(block, 10, 1));
        free(block);
    } else {
        CHECK(block == NULL && mapping == MAP_FAILED);
    }
    for (size_t i = 1; i < count; i += 2)
        free(pieces[i]);
}

static void other_sizes(void)
{
    unsigned char *p = mmap(NULL, 4 * PAGE, RW, ANON, -1, 0);

    memset(p, 5, 4 * PAGE);
    CHECK(mremap(p, 4 * PAGE, 2 * PAGE, 0) == p);
    CHECK(mremap(p, 2 * PAGE, 4 * PAGE, 0) == p);
    CHECK(holds(p, 2 * PAGE, 5) && holds(p + 2 * PAGE, 2 * PAGE, 0));
    unsigned char *next = mmap(p + 4 * PAGE, PAGE, RW, ANON, -1, 0);
    CHECK(next != MAP_FAILED);
    p = mremap(p, 4 * PAGE, 100 * PAGE, MREMAP_MAYMOVE);
    CHECK(p != MAP_FAILED && holds(p, 2 * PAGE, 5) && holds(p + 2 * PAGE, 98 * PAGE, 0));
    CHECK_INT(munmap(p, 100 * PAGE), 0);
    CHECK_INT(munmap(next, PAGE), 0);
    errno = 0;
    CHECK(mremap(p, PAGE, PAGE, 0) == MAP_FAILED && errno == EFAULT);
    errno = 0;
    CHECK(mremap(p, PAGE, PAGE, 99) == MAP_FAILED && errno == EINVAL);
}

#define CHECK_MAP_FAILS(call, code)            \
    do {                                       \
        errno = 0;                             \
        CHECK((call) == MAP_FAILED);           \
        CHECK_INT(errno, code);                \
    } while (0)

static void errors(void)
{
    unsigned char *p = mmap(NULL, 4 * PAGE, RW, ANON, -1, 0);

    CHECK_INT(munmap(p + 2 * PAGE, PAGE), 0);
    CHECK_MAP_FAILS(mmap(NULL, 0, RW, ANON, -1, 0), EINVAL);
    CHECK_MAP_FAILS(mmap(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0), EINVAL);
    CHECK_MAP_FAILS(mmap(NULL, PAGE, 64, ANON, -1, 0), EINVAL);
    CHECK_MAP_FAILS(mmap(NULL, PAGE, RW, MAP_PRIVATE, -1, 0), EBADF);
    CHECK_MAP_FAILS(mmap(NULL, PAGE, RW, MAP_PRIVATE, 1, 0), ENODEV);
    CHECK_MAP_FAILS(mmap(NULL, huge, RW, ANON, -1, 0), ENOMEM);
    CHECK_MAP_FAILS(mmap(NULL, huge / 2, RW, ANON, -1, 0), ENOMEM);
    CHECK_MAP_FAILS(mmap(NULL, 64 << 20, RW, ANON, -1, 0), ENOMEM);
    CHECK_MAP_FAILS(mmap(p + 1, PAGE, RW, ANON | MAP_FIXED, -1, 0), EINVAL);
    CHECK_MAP_FAILS(mmap(p + PAGE, 2 * PAGE, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
    CHECK_MAP_FAILS(mmap(NULL, PAGE, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
    CHECK_MAP_FAILS(mmap(p, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
    CHECK_FAILS(munmap(p + 1, PAGE), EINVAL);
    CHECK_FAILS(munmap(p, 0), EINVAL);
    CHECK_FAILS(munmap(p, huge), EINVAL);
    CHECK_FAILS(mprotect(p + 1, PAGE, RW), EINVAL);
    CHECK_FAILS(mprotect(p, PAGE, 64), EINVAL);
    CHECK_FAILS(mprotect(p + 2 * PAGE, PAGE, RW), ENOMEM);
    CHECK_FAILS(mprotect(p, 3 * PAGE, RW), ENOMEM);
    CHECK_FAILS(madvise(p, 3 * PAGE, MADV_DONTNEED), ENOMEM);
    CHECK_FAILS(madvise(p, PAGE, 1000), EINVAL);
    CHECK_FAILS(madvise(p + 1, PAGE, MADV_NORMAL), EINVAL);
    CHECK_INT(madvise(p, 2 * PAGE, MADV_WILLNEED), 0);
    CHECK_INT(posix_madvise(p, 2 * PAGE, POSIX_MADV_DONTNEED), 0);
    CHECK_INT(posix_madvise(p, PAGE, 77), EINVAL);
    CHECK_INT(msync(p, 2 * PAGE, MS_SYNC), 0);
    CHECK_FAILS(msync(p, PAGE, MS_SYNC | MS_ASYNC), EINVAL);
    CHECK_FAILS(msync(p, 3 * PAGE, MS_SYNC), ENOMEM);
    CHECK_INT(mlock(p + 5, 10), 0);
    CHECK_INT(munlock(p + 5, 10), 0);
    /* malloc's memory is not mmap's. */
    void *block = malloc(3 * PAGE);
    CHECK_FAILS(mprotect((void *)(((uintptr_t)block + PAGE - 1) & ~(PAGE - 1)), PAGE, RW), ENOMEM);
    CHECK_INT(munmap((void *)(((uintptr_t)block + PAGE - 1) & ~(PAGE - 1)), PAGE), 0);
    memset(block, 1, 3 * PAGE);
    free(block);
    CHECK_INT(munmap(p, 4 * PAGE), 0);
}

static void files(void)
{
    int fd = open("/tmp/mapped", O_RDWR | O_CREAT, 0600);
    char text[8] = "";

    CHECK(fd >= 0);
    CHECK_MAP_FAILS(mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0), ENXIO);
    CHECK_INT(ftruncate(fd, 3 * PAGE), 0);
    char *shared = mmap(NULL, 3 * PAGE, RW, MAP_SHARED, fd, 0);
    CHECK(shared != MAP_FAILED && holds((unsigned char *)shared, 3 * PAGE, 0));
    strcpy(shared + PAGE, "one");
    CHECK_INT(pread(fd, text, 4, PAGE), 4);
    CHECK_STR(text, "one");
    CHECK_INT(pwrite(fd, "two", 4, PAGE), 4);
    CHECK_STR(shared + PAGE, "two");
    char *copy = mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, PAGE);
    CHECK(copy != MAP_FAILED);
    CHECK_STR(copy, "two");
    strcpy(copy, "three");
    CHECK_STR(shared + PAGE, "two");
    CHECK_INT(msync(shared, 3 * PAGE, MS_SYNC), 0);
    CHECK_INT(munmap(copy, PAGE), 0);
    CHECK_MAP_FAILS(mmap(NULL, PAGE, RW, MAP_SHARED, fd, 100), EINVAL);
    CHECK_INT(close(fd), 0);
    CHECK_INT(unlink("/tmp/mapped"), 0);
    CHECK_STR(shared + PAGE, "two");
    CHECK_INT(munmap(shared, 3 * PAGE), 0);
    fd = open("/dev/zero", O_RDWR);
    CHECK_MAP_FAILS(mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0), ENODEV);
    close(fd);
}

int main(void)
{
    soil();
    files();
    whole();
    reservation(0);
    reservation(1);
    beyond_memory();
    other_sizes();
    scattered();
    errors();
    return check_done();
}
