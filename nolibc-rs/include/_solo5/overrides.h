/* Included before every source file by the compiler wrapper: this is neither
 * Linux nor a BSD, whatever system the compiler was made for. */
#ifndef NOLIBC_SOLO5_OVERRIDES_H
#define NOLIBC_SOLO5_OVERRIDES_H

#undef linux
#undef __linux
#undef __linux__
#undef __gnu_linux__
#undef __DragonFly__
#undef __FreeBSD__
#undef __OpenBSD__

#define __ocaml_solo5__

#endif
