/* <stdio.h>: C11 7.21, C23 7.23 and POSIX.1-2024. */
#ifndef NOLIBC_STDIO_H
#define NOLIBC_STDIO_H
/* By this libraries (GMP) see that FILE is declared; C has no other way to ask. */
#define _STDIO_H 1

#include <features.h>
#include <stdarg.h>
#define NOLIBC_NEED_size_t
#define NOLIBC_NEED_NULL
#define NOLIBC_NEED_ssize_t
#define NOLIBC_NEED_off_t
#define NOLIBC_NEED_FILE
#include <_nolibc/types.h>

/* A number: C lets a program only hand it back to fsetpos. */
typedef off_t fpos_t;

#define EOF (-1)
#define BUFSIZ 1024
#define FILENAME_MAX 4096
#define FOPEN_MAX 1000
#define L_tmpnam 20
#define TMP_MAX 238328
#define P_tmpdir "/tmp"
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif

NOLIBC_BEGIN

extern FILE *const stdin;
extern FILE *const stdout;
extern FILE *const stderr;
#define stdin stdin
#define stdout stdout
#define stderr stderr

/* Opening and closing. */
FILE *fopen(const char *__restrict path, const char *__restrict mode);
FILE *freopen(const char *__restrict path, const char *__restrict mode, FILE *__restrict stream);
FILE *fdopen(int descriptor, const char *mode);
FILE *fmemopen(void *__restrict buffer, size_t len, const char *__restrict mode);
FILE *open_memstream(char **text, size_t *len);
FILE *tmpfile(void);
FILE *popen(const char *command, const char *mode);
int pclose(FILE *stream);
int fclose(FILE *stream);
int fflush(FILE *stream);
int fflush_unlocked(FILE *stream);
int remove(const char *path);
int rename(const char *old_path, const char *new_path);
int renameat(int old_directory, const char *old_path, int new_directory, const char *new_path);
char *tmpnam(char *name);
int fileno(FILE *stream);
int fileno_unlocked(FILE *stream);
void setbuf(FILE *__restrict stream, char *__restrict buffer);
void setbuffer(FILE *stream, char *buffer, size_t len);
void setlinebuf(FILE *stream);
int setvbuf(FILE *__restrict stream, char *__restrict buffer, int mode, size_t len);
void flockfile(FILE *stream);
int ftrylockfile(FILE *stream);
void funlockfile(FILE *stream);

/* Formatted output. */
int printf(const char *__restrict format, ...) __attribute__((__format__(__printf__, 1, 2)));
int fprintf(FILE *__restrict stream, const char *__restrict format, ...)
    __attribute__((__format__(__printf__, 2, 3)));
int dprintf(int descriptor, const char *__restrict format, ...)
    __attribute__((__format__(__printf__, 2, 3)));
int sprintf(char *__restrict text, const char *__restrict format, ...)
    __attribute__((__format__(__printf__, 2, 3)));
int snprintf(char *__restrict text, size_t len, const char *__restrict format, ...)
    __attribute__((__format__(__printf__, 3, 4)));
int asprintf(char **__restrict text, const char *__restrict format, ...)
    __attribute__((__format__(__printf__, 2, 3)));
int vprintf(const char *__restrict format, va_list list)
    __attribute__((__format__(__printf__, 1, 0)));
int vfprintf(FILE *__restrict stream, const char *__restrict format, va_list list)
    __attribute__((__format__(__printf__, 2, 0)));
int vdprintf(int descriptor, const char *__restrict format, va_list list)
    __attribute__((__format__(__printf__, 2, 0)));
int vsprintf(char *__restrict text, const char *__restrict format, va_list list)
    __attribute__((__format__(__printf__, 2, 0)));
int vsnprintf(char *__restrict text, size_t len, const char *__restrict format, va_list list)
    __attribute__((__format__(__printf__, 3, 0)));
int vasprintf(char **__restrict text, const char *__restrict format, va_list list)
    __attribute__((__format__(__printf__, 2, 0)));

/* Formatted input. */
int scanf(const char *__restrict format, ...) __attribute__((__format__(__scanf__, 1, 2)));
int fscanf(FILE *__restrict stream, const char *__restrict format, ...)
    __attribute__((__format__(__scanf__, 2, 3)));
int sscanf(const char *__restrict text, const char *__restrict format, ...)
    __attribute__((__format__(__scanf__, 2, 3)));
int vscanf(const char *__restrict format, va_list list)
    __attribute__((__format__(__scanf__, 1, 0)));
int vfscanf(FILE *__restrict stream, const char *__restrict format, va_list list)
    __attribute__((__format__(__scanf__, 2, 0)));
int vsscanf(const char *__restrict text, const char *__restrict format, va_list list)
    __attribute__((__format__(__scanf__, 2, 0)));

/* Characters and lines. */
int fgetc(FILE *stream);
int getc(FILE *stream);
int getchar(void);
int getc_unlocked(FILE *stream);
int fgetc_unlocked(FILE *stream);
int getchar_unlocked(void);
int ungetc(int byte, FILE *stream);
int fputc(int byte, FILE *stream);
int putc(int byte, FILE *stream);
int putchar(int byte);
int putc_unlocked(int byte, FILE *stream);
int fputc_unlocked(int byte, FILE *stream);
int putchar_unlocked(int byte);
char *fgets(char *__restrict line, int len, FILE *__restrict stream);
char *fgets_unlocked(char *__restrict line, int len, FILE *__restrict stream);
int fputs(const char *__restrict text, FILE *__restrict stream);
int fputs_unlocked(const char *__restrict text, FILE *__restrict stream);
int puts(const char *text);
ssize_t getline(char **__restrict line, size_t *__restrict room, FILE *__restrict stream);
ssize_t getdelim(char **__restrict line, size_t *__restrict room, int delimiter,
                 FILE *__restrict stream);

/* Blocks and positions. */
size_t fread(void *__restrict block, size_t size, size_t count, FILE *__restrict stream);
size_t fread_unlocked(void *__restrict block, size_t size, size_t count, FILE *__restrict stream);
size_t fwrite(const void *__restrict block, size_t size, size_t count, FILE *__restrict stream);
size_t fwrite_unlocked(const void *__restrict block, size_t size, size_t count,
                       FILE *__restrict stream);
int fseek(FILE *stream, long offset, int whence);
int fseeko(FILE *stream, off_t offset, int whence);
long ftell(FILE *stream);
off_t ftello(FILE *stream);
void rewind(FILE *stream);
int fgetpos(FILE *__restrict stream, fpos_t *__restrict position);
int fsetpos(FILE *stream, const fpos_t *position);
void clearerr(FILE *stream);
void clearerr_unlocked(FILE *stream);
int feof(FILE *stream);
int feof_unlocked(FILE *stream);
int ferror(FILE *stream);
int ferror_unlocked(FILE *stream);
void perror(const char *prefix);

NOLIBC_END

#endif
