/* <stdlib.h>: C11 7.22 and POSIX.1-2024. */
#ifndef NOLIBC_STDLIB_H
#define NOLIBC_STDLIB_H

#include <features.h>
#define NOLIBC_NEED_locale_t
#define NOLIBC_NEED_size_t
#define NOLIBC_NEED_wchar_t
#define NOLIBC_NEED_NULL
#define NOLIBC_NEED_struct_mallinfo
#define NOLIBC_NEED_locale_t
#include <_nolibc/types.h>
#ifdef NOLIBC_COMMON_NAMES
/* Not in a standard; programs for glibc and BSD expect it here. */
#include <alloca.h>
#endif

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 0x7fffffff
/* The "C" locale has single bytes only. */
#define MB_CUR_MAX ((size_t)1)

typedef struct {
    int quot;
    int rem;
} div_t;
typedef struct {
    long quot;
    long rem;
} ldiv_t;
typedef struct {
    long long quot;
    long long rem;
} lldiv_t;

NOLIBC_BEGIN

/* Memory. */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void *reallocarray(void *block, size_t count, size_t size);
void free(void *block);
void *aligned_alloc(size_t align, size_t size);
int posix_memalign(void **block, size_t align, size_t size);
struct mallinfo mallinfo(void);

/* Numbers from text. */
int atoi(const char *s);
long atol(const char *s);
long long atoll(const char *s);
double atof(const char *s);
long strtol(const char *__restrict s, char **__restrict end, int base);
long long strtoll(const char *__restrict s, char **__restrict end, int base);
unsigned long strtoul(const char *__restrict s, char **__restrict end, int base);
unsigned long long strtoull(const char *__restrict s, char **__restrict end, int base);
double strtod(const char *__restrict s, char **__restrict end);
float strtof(const char *__restrict s, char **__restrict end);
long double strtold(const char *__restrict s, char **__restrict end);
double strtod_l(const char *__restrict s, char **__restrict end, locale_t locale);
float strtof_l(const char *__restrict s, char **__restrict end, locale_t locale);
long double strtold_l(const char *__restrict s, char **__restrict end, locale_t locale);
long strtol_l(const char *__restrict s, char **__restrict end, int base, locale_t locale);
long long strtoll_l(const char *__restrict s, char **__restrict end, int base, locale_t locale);
unsigned long strtoul_l(const char *__restrict s, char **__restrict end, int base,
                        locale_t locale);
unsigned long long strtoull_l(const char *__restrict s, char **__restrict end, int base,
                              locale_t locale);
long a64l(const char *s);
char *l64a(long value);

/* Pseudo-random numbers; none of them is fit for secrets. */
int rand(void);
void srand(unsigned int seed);
int rand_r(unsigned int *seed);
long random(void);
void srandom(unsigned int seed);
double drand48(void);
double erand48(unsigned short state[3]);
long lrand48(void);
long nrand48(unsigned short state[3]);
long mrand48(void);
long jrand48(unsigned short state[3]);
void srand48(long seed);
unsigned short *seed48(unsigned short state[3]);
void lcong48(unsigned short parameters[7]);

/* Searching and sorting. */
void *bsearch(const void *key, const void *base, size_t count, size_t size,
              int (*compare)(const void *, const void *));
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));
void qsort_r(void *base, size_t count, size_t size,
             int (*compare)(const void *, const void *, void *), void *argument);

/* Integer arithmetic. */
int abs(int value);
long labs(long value);
long long llabs(long long value);
div_t div(int numerator, int denominator);
ldiv_t ldiv(long numerator, long denominator);
lldiv_t lldiv(long long numerator, long long denominator);

/* Multibyte characters. */
int mblen(const char *s, size_t n);
int mbtowc(wchar_t *__restrict wide, const char *__restrict s, size_t n);
int wctomb(char *s, wchar_t wide);
size_t mbstowcs(wchar_t *__restrict dst, const char *__restrict src, size_t n);
size_t wcstombs(char *__restrict dst, const wchar_t *__restrict src, size_t n);

/* The program and its environment. */
NOLIBC_NORETURN void abort(void);
NOLIBC_NORETURN void exit(int status);
NOLIBC_NORETURN void _Exit(int status);
NOLIBC_NORETURN void quick_exit(int status);
int atexit(void (*function)(void));
int at_quick_exit(void (*function)(void));
int on_exit(void (*function)(int, void *), void *argument);
char *getenv(const char *name);
char *secure_getenv(const char *name);
int setenv(const char *name, const char *value, int overwrite);
int unsetenv(const char *name);
int putenv(char *assignment);
int clearenv(void);
int system(const char *command);
int getsubopt(char **option, char *const *keys, char **value);

/* Paths. */
char *realpath(const char *__restrict path, char *__restrict resolved);
int mkstemp(char *pattern);
int mkostemp(char *pattern, int flags);
char *mkdtemp(char *pattern);
char *mktemp(char *pattern);

NOLIBC_END

#endif
