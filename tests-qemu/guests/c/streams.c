/* What a stream holds on to: the lock of who closes it is the next owner's, and bytes
 * that could not be written come out once.
 *
 * @expect ok:
 */
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void *print(void *stream)
{
    CHECK(fputs("from a thread\n", stream) >= 0);
    return NULL;
}

/* One thread closes a stream that it holds; another one uses what is opened next. */
static void closed_while_held(void)
{
    FILE *file = fopen("/tmp/held", "w");
    pthread_t thread;

    flockfile(file);
    flockfile(file);
    CHECK_INT(fclose(file), 0);
    file = fopen("/tmp/next", "w");
    CHECK_INT(pthread_create(&thread, NULL, print, file), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(fclose(file), 0);
}

/* Lines of `size` bytes into a pipe that is full now and then. */
static void written_once(size_t size, int kind)
{
    static char line[6000], taken[512];
    size_t written = 0, read_bytes = 0, left = 20 * size;
    int ends[2];
    FILE *file;

    memset(line, 'x', size);
    line[size - 1] = '\n';
    CHECK_INT(pipe2(ends, O_NONBLOCK), 0);
    file = fdopen(ends[1], "w");
    CHECK_INT(setvbuf(file, NULL, kind, 1024), 0);
    while (left > 0 || read_bytes < written) {
        ssize_t count;

        if (left > 0) {
            size_t start = (size - left % size) % size;
            size_t done = fwrite(line + start, 1, size - start, file);

            written += done;
            left -= done;
        } else {
            fflush(file);
        }
        clearerr(file);
        count = read(ends[0], taken, sizeof taken);
        read_bytes += count > 0 ? (size_t)count : 0;
    }
    CHECK_INT(fclose(file), 0);
    CHECK_INT(read(ends[0], taken, sizeof taken), 0);
    CHECK_INT(read_bytes, 20 * size);
    CHECK_INT(close(ends[0]), 0);
}

int main(void)
{
    closed_while_held();
    written_once(600, _IOLBF);
    written_once(6000, _IOLBF);
    written_once(600, _IOFBF);
    return check_done();
}
