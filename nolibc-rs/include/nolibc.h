/* <nolibc.h>: what an application calls that brings its own solo5_app_main. */
#ifndef NOLIBC_NOLIBC_H
#define NOLIBC_NOLIBC_H

#include <features.h>
#include <stdint.h>
#define NOLIBC_NEED_size_t
#include <_nolibc/types.h>

NOLIBC_BEGIN

/* Get the library ready, with the memory that solo5_app_main is given: the heap, the first
 * thread, constructors. To be called first. The environment is empty but for
 * OCAMLRUNPARAM, which says how many domains there is room for. */
void _nolibc_init(uintptr_t heap_start, size_t heap_size);

/* Add the words NAME=value at the start of a command line to the environment. */
void _nolibc_init_cmdline(const char *cmdline);

/* Give each block that is allocated from now on guards, as NOLIBC_MALLOC=check in the
 * environment does. */
void _nolibc_malloc_check(void);

/* Look at the guards of all blocks, and at blocks given back of late; damage ends the program
 * with a report. Does nothing while blocks have no guards. */
void _nolibc_malloc_verify(void);

/* What the library's own solo5_app_main does: get ready, run the program with arguments
 * and environment from the command line, exit with its status. */
int _nolibc_start(const char *cmdline, uintptr_t heap_start, size_t heap_size,
                  int (*program)(int argc, char **argv, char **envp));

NOLIBC_END

#endif
