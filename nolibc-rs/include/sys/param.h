/* <sys/param.h>: the BSD constants in common use. */
#ifndef NOLIBC_SYS_PARAM_H
#define NOLIBC_SYS_PARAM_H

#include <endian.h>
#include <limits.h>
#include <sys/types.h>

#define MAXHOSTNAMELEN HOST_NAME_MAX
#define MAXPATHLEN PATH_MAX
#define MAXSYMLINKS SYMLOOP_MAX
#define NGROUPS NGROUPS_MAX
#define NOFILE OPEN_MAX
#define DEV_BSIZE 512
#define NBBY CHAR_BIT

#ifndef MIN
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#endif
#ifndef MAX
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#endif
#define howmany(count, unit) (((count) + ((unit) - 1)) / (unit))
#define roundup(count, unit) (howmany(count, unit) * (unit))
#define powerof2(x) (!(((x) - 1) & (x)))

#endif
