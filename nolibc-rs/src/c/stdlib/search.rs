//! `<stdlib.h>`: qsort and bsearch.
