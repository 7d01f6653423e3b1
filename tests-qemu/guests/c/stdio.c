/* Streams: modes, buffering, positions, lines, pushing back, memory streams,
 * errors, a pipe that nobody reads, and the flush at exit.
 *
 * @flags -fno-builtin
 * @expect a line in pieces
 * @expect prefix: No such file or directory
 * @expect ok:
 * @expect flushed at exit
 */
#include "check.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <wchar.h>

static long size_of(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 ? (long)status.st_size : -1;
}

static void files(void)
{
    char line[8], block[8] = "";
    FILE *file = fopen("/tmp/stream", "w");
    fpos_t place;

    CHECK(file != NULL);
    CHECK_INT(fwrite("one\ntwo\nlonger line\n", 1, 20, file), 20);
    CHECK_INT(size_of("/tmp/stream"), 0);
    CHECK_INT(fflush(file), 0);
    CHECK_INT(size_of("/tmp/stream"), 20);
    CHECK_INT(ftell(file), 20);
    CHECK_INT(getc(file), EOF);
    CHECK(ferror(file) && errno == EBADF);
    CHECK_INT(fclose(file), 0);

    file = fopen("/tmp/stream", "r");
    CHECK_STR(fgets(line, sizeof line, file), "one\n");
    CHECK_INT(fgetpos(file, &place), 0);
    CHECK_INT(getc(file), 't');
    CHECK_INT(ungetc('T', file), 'T');
    CHECK_INT(ungetc('x', file), 'x');
    CHECK_INT(ftell(file), 3);
    CHECK_STR(fgets(line, sizeof line, file), "xTwo\n");
    CHECK_STR(fgets(line, sizeof line, file), "longer ");
    CHECK_INT(fsetpos(file, &place), 0);
    CHECK_INT(fread(block, 2, 2, file), 2);
    CHECK_STR(block, "two\n");
    CHECK_INT(fseek(file, -5, SEEK_END), 0);
    CHECK_STR(fgets(line, sizeof line, file), "line\n");
    CHECK(!feof(file));
    CHECK_STR(fgets(line, sizeof line, file), NULL);
    CHECK(feof(file));
    clearerr(file);
    CHECK(!feof(file));
    CHECK_INT(fputc('x', file), EOF);
    CHECK_INT(errno, EBADF);
    CHECK_FAILS(fseek(file, -1, SEEK_SET), EINVAL);
    CHECK_FAILS(fseek(file, 0, 9), EINVAL);
    CHECK_INT(fclose(file), 0);
    CHECK_FAILS(fclose(file), EBADF);

    file = fopen("/tmp/stream", "a+");
    CHECK_INT(fputs("end\n", file), 1);
    rewind(file);
    CHECK_STR(fgets(line, sizeof line, file), "one\n");
    CHECK_INT(fseek(file, 0, SEEK_CUR), 0);
    CHECK_INT(fputs("more\n", file), 1);
    CHECK_INT(fclose(file), 0);
    CHECK_INT(size_of("/tmp/stream"), 29);

    file = fopen("/tmp/stream", "r+");
    CHECK_INT(fputs("ONE", file), 1);
    CHECK_INT(fseek(file, 0, SEEK_SET), 0);
    CHECK_STR(fgets(line, sizeof line, file), "ONE\n");
    CHECK_INT(fclose(file), 0);
    CHECK(fopen("/tmp/stream", "wx") == NULL && errno == EEXIST);
    CHECK(fopen("/tmp/absent", "r") == NULL && errno == ENOENT);
    CHECK(fopen("/tmp/stream", "q") == NULL && errno == EINVAL);
    CHECK(fopen("/", "w") == NULL);
}

static void many(void)
{
    FILE *all[100];
    int good = 0;

    for (int i = 0; i < 100; i++) {
        all[i] = fopen("/tmp/stream", "r");
        good += all[i] != NULL && getc(all[i]) == 'O';
    }
    CHECK_INT(good, 100);
    for (int i = 0; i < 100; i++)
        good -= all[i] != NULL && fclose(all[i]) == 0;
    CHECK_INT(good, 0);
}

static void buffers(void)
{
    static char buffer[64];
    FILE *file = fopen("/tmp/buffered", "w");

    CHECK_INT(setvbuf(file, buffer, _IOLBF, sizeof buffer), 0);
    CHECK_INT(fputs("no newline", file), 1);
    CHECK_INT(size_of("/tmp/buffered"), 0);
    CHECK_INT(fputs(" yet\nrest", file), 1);
    CHECK_INT(size_of("/tmp/buffered"), 15);
    CHECK_INT(setvbuf(file, NULL, _IONBF, 0), 0);
    CHECK_INT(fputs("x", file), 1);
    CHECK_INT(size_of("/tmp/buffered"), 20);
    CHECK_FAILS(setvbuf(file, NULL, 7, 0), EINVAL);
    file = freopen("/tmp/buffered", "r", file);
    CHECK(file != NULL);
    CHECK_INT(getc(file), 'n');
    CHECK_INT(fileno(file) > 2, 1);
    CHECK_INT(fclose(file), 0);
    file = fdopen(open("/tmp/buffered", O_RDONLY), "r");
    CHECK(file != NULL);
    CHECK_INT(getc(file), 'n');
    CHECK_INT(fclose(file), 0);
    CHECK(fdopen(-1, "r") == NULL && errno == EBADF);
}

static void lines(void)
{
    FILE *file = tmpfile();
    char *line = NULL;
    size_t room = 0;

    CHECK(file != NULL);
    for (int i = 0; i < 5000; i++)
        putc(i % 1000 == 999 ? '\n' : 'a', file);
    fputs("last", file);
    rewind(file);
    for (int i = 0; i < 5; i++)
        CHECK_INT(getline(&line, &room, file), 1000);
    CHECK_INT(getdelim(&line, &room, 's', file), 3);
    CHECK_STR(line, "las");
    CHECK_INT(getline(&line, &room, file), 1);
    CHECK_INT(getline(&line, &room, file), -1);
    CHECK(feof(file));
    free(line);
    CHECK_INT(fclose(file), 0);
}

static void memory(void)
{
    char buffer[16] = "0123456789";
    char *text = NULL;
    size_t len = 0;
    FILE *file = fmemopen(buffer, 10, "r+");

    CHECK(file != NULL);
    CHECK_INT(getc(file), '0');
    CHECK_INT(fseek(file, 5, SEEK_SET), 0);
    CHECK_INT(fputs("AB", file), 1);
    CHECK_INT(fflush(file), 0);
    CHECK_STR(buffer, "01234AB789");
    CHECK_INT(fseek(file, 0, SEEK_END), 0);
    CHECK_INT(ftell(file), 10);
    CHECK_INT(fputs("too much", file), 1);
    CHECK_INT(fflush(file), EOF);
    CHECK_INT(errno, ENOSPC);
    CHECK_INT(fclose(file), 0);

    file = open_memstream(&text, &len);
    CHECK(file != NULL);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(fprintf(file, "%d,", i % 10), 2);
    CHECK_INT(fclose(file), 0);
    CHECK_INT(len, 2000);
    CHECK_INT(strlen(text), 2000);
    CHECK_INT(memcmp(text, "0,1,2,3,", 8), 0);
    free(text);
}

static void partial(void)
{
    char buffer[10];
    FILE *file = fmemopen(buffer, sizeof buffer, "w");

    /* Elements that were written in whole count. */
    CHECK(file != NULL);
    CHECK_INT(setvbuf(file, NULL, _IONBF, 0), 0);
    CHECK_INT(fwrite("0123456789abcdef", 4, 4, file), 2);
    CHECK(ferror(file) && errno == ENOSPC);
    CHECK_INT(memcmp(buffer, "0123456789", 10), 0);
    CHECK_INT(fclose(file), 0);

    file = fopen("/tmp/buffered", "r");
    CHECK(file != NULL);
    CHECK_INT(ungetc('x', file), 'x');
    CHECK_FAILS(ftell(file), EIO);
    CHECK_INT(getc(file), 'x');
    CHECK_INT(ftell(file), 0);
    CHECK_INT(fclose(file), 0);

    CHECK(fdopen(open("/tmp/buffered", O_RDONLY), "r+") == NULL && errno == EINVAL);
    CHECK(fdopen(open("/tmp/buffered", O_WRONLY), "r") == NULL && errno == EINVAL);
    CHECK(fdopen(open("/tmp/buffered", O_RDWR), "w+") != NULL);
}

static volatile int broken;

static void on_broken(int signal)
{
    broken += signal == SIGPIPE;
}

static void broken_pipe(void)
{
    int ends[2];
    FILE *file;

    CHECK_INT(pipe(ends), 0);
    file = fdopen(ends[1], "w");
    CHECK(file != NULL);
    CHECK_INT(close(ends[0]), 0);
    signal(SIGPIPE, on_broken);
    CHECK_INT(setvbuf(file, NULL, _IOLBF, 0), 0);
    CHECK_INT(fputs("nobody ", file), 1);
    CHECK_INT(broken, 0);
    CHECK_FAILS(fprintf(file, "reads %d\n", 1), EPIPE);
    CHECK_INT(broken, 1);
    CHECK_INT(fwrite("this\n", 1, 5, file), 0);
    CHECK(broken == 2 && errno == EPIPE);
    CHECK_FAILS(putc('\n', file), EPIPE);
    CHECK_FAILS(fwprintf(file, L"\n"), EPIPE);
    CHECK_INT(broken, 4);
    CHECK_INT(fputs("or this", file), 1);
    signal(SIGPIPE, SIG_IGN);
    CHECK_FAILS(fclose(file), EPIPE);
    CHECK_INT(broken, 4);
}

int main(void)
{
    printf("a line");
    fputs(" in", stdout);
    putchar(' ');
    puts("pieces");
    files();
    many();
    buffers();
    lines();
    memory();
    partial();
    broken_pipe();
    CHECK_FAILS(ftell(stdin), ESPIPE);
    CHECK_FAILS(fclose(NULL), EBADF);
    CHECK_FAILS(fputc('x', NULL), EBADF);
    CHECK_INT(fread(NULL, 1, 1, stdin), 0);
    CHECK(freopen("/tmp/absent", "r", stdin) == NULL && errno == ENOENT);
    CHECK_FAILS(getchar(), EBADF);
    CHECK(fdopen(77, "r") == NULL && errno == EBADF);
    CHECK(popen("true", "r") == NULL && errno == ENOSYS);
    flockfile(stdout);
    CHECK_INT(ftrylockfile(stdout), 0);
    putchar_unlocked('\n');
    funlockfile(stdout);
    funlockfile(stdout);
    errno = ENOENT;
    perror("prefix");
    CHECK_INT(remove("/tmp/stream"), 0);
    CHECK_FAILS(remove("/tmp/stream"), ENOENT);
    CHECK_INT(rename("/tmp/buffered", "/tmp/renamed"), 0);
    CHECK_INT(size_of("/tmp/renamed"), 20);
    int status = check_done();
    printf("flushed at exit");
    return status;
}
