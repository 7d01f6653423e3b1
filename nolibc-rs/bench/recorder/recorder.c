/*
 * Records what a program asks malloc and mmap for: LD_PRELOAD this, RECORDING names the file.
 *
 * gcc -O2 -shared -fPIC -o recorder.so recorder.c -ldl
 *
 * A record is three words of eight bytes: the length times 256 plus the call's number, the
 * address before, the address after. Numbers: 0 malloc, 1 memalign, 2 mmap, 3 realloc, 4 free,
 * 5 munmap. Calls that fail are left out, and so are reservations without access; committing a
 * part of one (MAP_FIXED) counts as a mapping. One thread at a time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CALL_MALLOC, CALL_MEMALIGN, CALL_MMAP, CALL_REALLOC, CALL_FREE, CALL_MUNMAP };

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static uint64_t records[3 * 4096];
static size_t used;
static int file = -1;

static void flush(void)
{
    if (used > 0 && file >= 0 && write(file, records, used * sizeof *records) < 0)
        abort();
    used = 0;
}

__attribute__((constructor)) static void start(void)
{
    const char *name = getenv("RECORDING");
    if (name != NULL)
        file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    /* What the program starts must not write over it. */
    unsetenv("RECORDING");
    unsetenv("LD_PRELOAD");
}

__attribute__((destructor)) static void stop(void)
{
    flush();
    file = -1;
}

static void record(unsigned call, size_t len, void *before, void *after)
{
    if (file < 0)
        return;
    if (used == sizeof records / sizeof *records)
        flush();
    records[used++] = (uint64_t)len << 8 | call;
    records[used++] = (uintptr_t)before;
    records[used++] = (uintptr_t)after;
}

void *malloc(size_t len)
{
    void *block = __libc_malloc(len);
    if (block != NULL)
        record(CALL_MALLOC, len, NULL, block);
    return block;
}

void *calloc(size_t count, size_t len)
{
    void *block = __libc_calloc(count, len);
    if (block != NULL)
        record(CALL_MALLOC, count * len, NULL, block);
    return block;
}

void *realloc(void *old, size_t len)
{
    uintptr_t before = (uintptr_t)old;
    void *block = __libc_realloc(old, len);
    if (block != NULL)
        record(before == 0 ? CALL_MALLOC : CALL_REALLOC, len, (void *)before, block);
    return block;
}

void *memalign(size_t align, size_t len)
{
    void *block = __libc_memalign(align, len);
    if (block != NULL)
        record(align > 16 ? CALL_MEMALIGN : CALL_MALLOC, len, NULL, block);
    return block;
}

void *aligned_alloc(size_t align, size_t len)
{
    return memalign(align, len);
}

int posix_memalign(void **block, size_t align, size_t len)
{
    *block = memalign(align, len);
    return *block == NULL ? 12 : 0;
}

void free(void *block)
{
    if (block != NULL)
        record(CALL_FREE, 0, block, NULL);
    __libc_free(block);
}

void *mmap(void *address, size_t len, int protection, int flags, int fd, off_t offset)
{
    static void *(*next)(void *, size_t, int, int, int, off_t);
    if (next == NULL)
        next = dlsym(RTLD_NEXT, "mmap");
    void *block = next(address, len, protection, flags, fd, offset);
    if (block != MAP_FAILED && (protection & PROT_WRITE) && (flags & MAP_ANONYMOUS))
        record(CALL_MMAP, len, NULL, block);
    return block;
}

/* The same, by the name that programs for large files call it. */
void *mmap64(void *address, size_t len, int protection, int flags, int fd, off_t offset)
{
    return mmap(address, len, protection, flags, fd, offset);
}

int munmap(void *address, size_t len)
{
    static int (*next)(void *, size_t);
    if (next == NULL)
        next = dlsym(RTLD_NEXT, "munmap");
    record(CALL_MUNMAP, len, address, NULL);
    return next(address, len);
}
