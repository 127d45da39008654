// Counts what the process takes from the heap: this target's malloc, calloc and realloc stand in
// for glibc's and hand on to them.
#pragma once
#include <stdint.h>

// Calls that gave memory, since the process began, by all threads.
uint64_t malloc_count(void);
