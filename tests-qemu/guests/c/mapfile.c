/* A file in /tmp mapped shared shows the file's own pages; mapped private, a copy.
 *
 * @expect ok:
 */
#include "check.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

int main(void)
{
    char buffer[8];
    int fd = open("/tmp/m", O_RDWR | O_CREAT, 0600), reader;
    char *one, *two, *copy;

    CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == ENXIO);
    CHECK_INT(ftruncate(fd, 3 * 4096), 0);
    one = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(one != MAP_FAILED);
    memcpy(one + 4096, "shared", 7);
    CHECK_INT(pread(fd, buffer, 7, 4096), 7);
    CHECK_STR(buffer, "shared");
    reader = open("/tmp/m", O_RDONLY);
    CHECK(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, reader, 0) == MAP_FAILED && errno == EACCES);
    CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, reader, 1) == MAP_FAILED && errno == EINVAL);
    CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, 1, 0) == MAP_FAILED && errno == ENODEV);
    CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, 99, 0) == MAP_FAILED && errno == EBADF);
    two = mmap(NULL, 4096, PROT_READ, MAP_SHARED, reader, 4096);
    CHECK_STR(two, "shared");
    CHECK_INT(pwrite(fd, "S", 1, 4096), 1);
    CHECK_STR(two, "Shared");
    copy = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, reader, 4096);
    CHECK_STR(copy, "Shared");
    CHECK_INT(copy[5000], 0);
    copy[0] = 's';
    CHECK_STR(two, "Shared");
    CHECK_INT(munmap(copy, 8192), 0);

    /* The pages outlive the name and the descriptors. */
    CHECK_INT(msync(one, 3 * 4096, MS_SYNC), 0);
    CHECK(msync(one + 1, 4096, MS_SYNC) == -1 && errno == EINVAL);
    CHECK(mprotect(one + 1, 4096, PROT_READ) == -1 && errno == EINVAL);
    CHECK(munmap(one + 1, 4096) == -1 && errno == EINVAL);
    CHECK_INT(unlink("/tmp/m"), 0);
    close(fd), close(reader);
    memcpy(one + 4096, "still", 6);
    CHECK_STR(two, "still");
    CHECK_INT(munmap(one, 2 * 4096), 0);
    CHECK_STR(two, "still");
    CHECK_INT(munmap(one + 2 * 4096, 4096), 0);
    CHECK_STR(two, "still");
    CHECK_INT(munmap(two, 4096), 0);

    /* A page given back twice says nothing of its neighbour. */
    fd = open("/tmp/n", O_RDWR | O_CREAT, 0600);
    CHECK_INT(ftruncate(fd, 2 * 4096), 0);
    one = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(one != MAP_FAILED);
    CHECK_INT(munmap(one, 4096), 0);
    CHECK_INT(munmap(one, 4096), 0);
    CHECK_INT(ftruncate(fd, 0), 0);
    copy = malloc(2 * 4096);
    CHECK(copy != NULL && (copy + 2 * 4096 <= one || copy >= one + 2 * 4096));
    free(copy);
    CHECK_INT(munmap(one + 4096, 4096), 0);

    /* A range that begins in a file's pages goes on beyond them, and one before them into
     * them. */
    CHECK_INT(ftruncate(fd, 2 * 4096), 0);
    one = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    size_t before = malloc_memory_usage();
    two = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *low = one < two ? one : two, *high = one < two ? two + 4096 : one + 2 * 4096;
    CHECK(madvise(low, high - low + 4096, MADV_NORMAL) == -1 && errno == ENOMEM);
    CHECK_INT(munmap(low, high - low), 0);
    CHECK_INT(malloc_memory_usage(), before);
    CHECK(msync(two, 4096, MS_SYNC) == -1 && errno == ENOMEM);
    CHECK(msync(one, 4096, MS_SYNC) == -1 && errno == ENOMEM);
    close(fd);
    return check_done();
}
