#include "malloc_counter.h"

#include <stddef.h>

// glibc's own, under the names that it keeps for this use.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static uint64_t calls;

uint64_t malloc_count(void) { return __atomic_load_n(&calls, __ATOMIC_RELAXED); }

// A sanitizer has a malloc of its own, which must see every block: there, nothing is counted.
#if !__has_feature(thread_sanitizer) && !__has_feature(address_sanitizer)

static void count(void) { __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED); }

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size) {
    count();
    return __libc_calloc(n, size);
}

void *realloc(void *block, size_t size) {
    count();
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    count();
    *block = __libc_memalign(alignment, size);
    return *block == NULL ? 12 : 0;  // ENOMEM
}

#endif
