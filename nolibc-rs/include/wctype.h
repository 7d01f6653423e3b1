/* <wctype.h>: C11 7.30 and POSIX.1-2024. ASCII is all that the "C" locale knows. */
#ifndef NOLIBC_WCTYPE_H
#define NOLIBC_WCTYPE_H

#include <features.h>
#define NOLIBC_NEED_wchar_t
#define NOLIBC_NEED_wint_t
#define NOLIBC_NEED_locale_t
#include <_nolibc/types.h>

#ifndef WEOF
#define WEOF 0xffffffffu
#endif

typedef unsigned long wctype_t;
typedef const int *wctrans_t;

NOLIBC_BEGIN

int iswalnum(wint_t wide);
int iswalpha(wint_t wide);
int iswblank(wint_t wide);
int iswcntrl(wint_t wide);
int iswdigit(wint_t wide);
int iswgraph(wint_t wide);
int iswlower(wint_t wide);
int iswprint(wint_t wide);
int iswpunct(wint_t wide);
int iswspace(wint_t wide);
int iswupper(wint_t wide);
int iswxdigit(wint_t wide);
wint_t towlower(wint_t wide);
wint_t towupper(wint_t wide);
wctype_t wctype(const char *name);
int iswctype(wint_t wide, wctype_t type);
wctrans_t wctrans(const char *name);
wint_t towctrans(wint_t wide, wctrans_t mapping);

int iswalnum_l(wint_t wide, locale_t locale);
int iswalpha_l(wint_t wide, locale_t locale);
int iswblank_l(wint_t wide, locale_t locale);
int iswcntrl_l(wint_t wide, locale_t locale);
int iswdigit_l(wint_t wide, locale_t locale);
int iswgraph_l(wint_t wide, locale_t locale);
int iswlower_l(wint_t wide, locale_t locale);
int iswprint_l(wint_t wide, locale_t locale);
int iswpunct_l(wint_t wide, locale_t locale);
int iswspace_l(wint_t wide, locale_t locale);
int iswupper_l(wint_t wide, locale_t locale);
int iswxdigit_l(wint_t wide, locale_t locale);
wint_t towlower_l(wint_t wide, locale_t locale);
wint_t towupper_l(wint_t wide, locale_t locale);

NOLIBC_END

#endif
