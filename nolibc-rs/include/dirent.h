/* <dirent.h>: reading directories */
#ifndef NOLIBC_DIRENT_H
#define NOLIBC_DIRENT_H

#include <features.h>
#include <sys/types.h>

typedef struct nolibc_dir DIR;

struct dirent {
    ino_t d_ino;
    off_t d_off;
    unsigned short d_reclen;
    unsigned char d_type;
    char d_name[256];
};

#define d_fileno d_ino

#define DT_UNKNOWN 0
#define DT_FIFO 1
#define DT_CHR 2
#define DT_DIR 4
#define DT_BLK 6
#define DT_REG 8
#define DT_LNK 10
#define DT_SOCK 12

NOLIBC_BEGIN

int alphasort(const struct dirent **left, const struct dirent **right);
int closedir(DIR *directory);
int dirfd(DIR *directory);
DIR *fdopendir(int fd);
DIR *opendir(const char *path);
struct dirent *readdir(DIR *directory);
int readdir_r(DIR *__restrict directory, struct dirent *__restrict entry,
              struct dirent **__restrict result);
void rewinddir(DIR *directory);
int scandir(const char *path, struct dirent ***names,
            int (*select)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **));
void seekdir(DIR *directory, long position);
long telldir(DIR *directory);

NOLIBC_END

#endif
