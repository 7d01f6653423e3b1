/* <inttypes.h>: C11 7.8. */
#ifndef NOLIBC_INTTYPES_H
#define NOLIBC_INTTYPES_H

#include <features.h>
#include <stdint.h>
#define NOLIBC_NEED_wchar_t
#include <_nolibc/types.h>

/* The types below int are promoted to it, but their own length is theirs. The
 * fast types from 16 bits up and those of 64 bits are long. */

#define PRId8 "hhd"
#define PRIdLEAST8 "hhd"
#define PRIdFAST8 "hhd"
#define PRId16 "hd"
#define PRIdLEAST16 "hd"
#define PRIdFAST16 "ld"
#define PRId32 "d"
#define PRIdLEAST32 "d"
#define PRIdFAST32 "ld"
#define PRId64 "ld"
#define PRIdLEAST64 "ld"
#define PRIdFAST64 "ld"
#define PRIdMAX "ld"
#define PRIdPTR "ld"

#define PRIi8 "hhi"
#define PRIiLEAST8 "hhi"
#define PRIiFAST8 "hhi"
#define PRIi16 "hi"
#define PRIiLEAST16 "hi"
#define PRIiFAST16 "li"
#define PRIi32 "i"
#define PRIiLEAST32 "i"
#define PRIiFAST32 "li"
#define PRIi64 "li"
#define PRIiLEAST64 "li"
#define PRIiFAST64 "li"
#define PRIiMAX "li"
#define PRIiPTR "li"

#define PRIo8 "hho"
#define PRIoLEAST8 "hho"
#define PRIoFAST8 "hho"
#define PRIo16 "ho"
#define PRIoLEAST16 "ho"
#define PRIoFAST16 "lo"
#define PRIo32 "o"
#define PRIoLEAST32 "o"
#define PRIoFAST32 "lo"
#define PRIo64 "lo"
#define PRIoLEAST64 "lo"
#define PRIoFAST64 "lo"
#define PRIoMAX "lo"
#define PRIoPTR "lo"

#define PRIu8 "hhu"
#define PRIuLEAST8 "hhu"
#define PRIuFAST8 "hhu"
#define PRIu16 "hu"
#define PRIuLEAST16 "hu"
#define PRIuFAST16 "lu"
#define PRIu32 "u"
#define PRIuLEAST32 "u"
#define PRIuFAST32 "lu"
#define PRIu64 "lu"
#define PRIuLEAST64 "lu"
#define PRIuFAST64 "lu"
#define PRIuMAX "lu"
#define PRIuPTR "lu"

#define PRIx8 "hhx"
#define PRIxLEAST8 "hhx"
#define PRIxFAST8 "hhx"
#define PRIx16 "hx"
#define PRIxLEAST16 "hx"
#define PRIxFAST16 "lx"
#define PRIx32 "x"
#define PRIxLEAST32 "x"
#define PRIxFAST32 "lx"
#define PRIx64 "lx"
#define PRIxLEAST64 "lx"
#define PRIxFAST64 "lx"
#define PRIxMAX "lx"
#define PRIxPTR "lx"

#define PRIX8 "hhX"
#define PRIXLEAST8 "hhX"
#define PRIXFAST8 "hhX"
#define PRIX16 "hX"
#define PRIXLEAST16 "hX"
#define PRIXFAST16 "lX"
#define PRIX32 "X"
#define PRIXLEAST32 "X"
#define PRIXFAST32 "lX"
#define PRIX64 "lX"
#define PRIXLEAST64 "lX"
#define PRIXFAST64 "lX"
#define PRIXMAX "lX"
#define PRIXPTR "lX"

#define SCNd8 "hhd"
#define SCNdLEAST8 "hhd"
#define SCNdFAST8 "hhd"
#define SCNd16 "hd"
#define SCNdLEAST16 "hd"
#define SCNdFAST16 "ld"
#define SCNd32 "d"
#define SCNdLEAST32 "d"
#define SCNdFAST32 "ld"
#define SCNd64 "ld"
#define SCNdLEAST64 "ld"
#define SCNdFAST64 "ld"
#define SCNdMAX "ld"
#define SCNdPTR "ld"

#define SCNi8 "hhi"
#define SCNiLEAST8 "hhi"
#define SCNiFAST8 "hhi"
#define SCNi16 "hi"
#define SCNiLEAST16 "hi"
#define SCNiFAST16 "li"
#define SCNi32 "i"
#define SCNiLEAST32 "i"
#define SCNiFAST32 "li"
#define SCNi64 "li"
#define SCNiLEAST64 "li"
#define SCNiFAST64 "li"
#define SCNiMAX "li"
#define SCNiPTR "li"

#define SCNo8 "hho"
#define SCNoLEAST8 "hho"
#define SCNoFAST8 "hho"
#define SCNo16 "ho"
#define SCNoLEAST16 "ho"
#define SCNoFAST16 "lo"
#define SCNo32 "o"
#define SCNoLEAST32 "o"
#define SCNoFAST32 "lo"
#define SCNo64 "lo"
#define SCNoLEAST64 "lo"
#define SCNoFAST64 "lo"
#define SCNoMAX "lo"
#define SCNoPTR "lo"

#define SCNu8 "hhu"
#define SCNuLEAST8 "hhu"
#define SCNuFAST8 "hhu"
#define SCNu16 "hu"
#define SCNuLEAST16 "hu"
#define SCNuFAST16 "lu"
#define SCNu32 "u"
#define SCNuLEAST32 "u"
#define SCNuFAST32 "lu"
#define SCNu64 "lu"
#define SCNuLEAST64 "lu"
#define SCNuFAST64 "lu"
#define SCNuMAX "lu"
#define SCNuPTR "lu"

#define SCNx8 "hhx"
#define SCNxLEAST8 "hhx"
#define SCNxFAST8 "hhx"
#define SCNx16 "hx"
#define SCNxLEAST16 "hx"
#define SCNxFAST16 "lx"
#define SCNx32 "x"
#define SCNxLEAST32 "x"
#define SCNxFAST32 "lx"
#define SCNx64 "lx"
#define SCNxLEAST64 "lx"
#define SCNxFAST64 "lx"
#define SCNxMAX "lx"
#define SCNxPTR "lx"

typedef struct {
    intmax_t quot;
    intmax_t rem;
} imaxdiv_t;

NOLIBC_BEGIN

intmax_t imaxabs(intmax_t value);
imaxdiv_t imaxdiv(intmax_t numerator, intmax_t denominator);
intmax_t strtoimax(const char *__restrict s, char **__restrict end, int base);
uintmax_t strtoumax(const char *__restrict s, char **__restrict end, int base);
intmax_t wcstoimax(const wchar_t *__restrict s, wchar_t **__restrict end, int base);
uintmax_t wcstoumax(const wchar_t *__restrict s, wchar_t **__restrict end, int base);

NOLIBC_END

#endif
