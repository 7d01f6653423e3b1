/*
 * The canary, for a backend that brings none: an odd constant with a zero byte,
 * which stops overruns by string functions and no attacker.
 */
#include <stdint.h>

uintptr_t __stack_chk_guard = 0x595e9fbd94fda700;
