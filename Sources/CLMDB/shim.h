#pragma once
#include <lmdb.h>

/* What Swift cannot import of Linux: syscall(2) is variadic, and its atomics have no address
   in a shared mapping. The ledger's `head` and `reserve` files need it. */
#include <linux/falloc.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline uint32_t shared_word_load(const uint32_t *word) {
    return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static inline void shared_word_increment(uint32_t *word) {
    __atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST);
}

/* futex(2): sleeps while *word == expected, across processes, at most `nanoseconds`. */
static inline void shared_word_wait(
    const uint32_t *word, uint32_t expected, int64_t nanoseconds) {
    /* The kernel's timespec on 64 bits; libc's own would make Swift import it from here. */
    struct { int64_t seconds, nanoseconds; } timeout = {
        nanoseconds / 1000000000, nanoseconds % 1000000000};
    syscall(SYS_futex, word, FUTEX_WAIT, expected, &timeout, (void *)0, 0);
}

/* futex(2): wakes every sleeper, in this and in other processes. */
static inline void shared_word_wake(const uint32_t *word) {
    syscall(SYS_futex, word, FUTEX_WAKE, INT32_MAX, (void *)0, (void *)0, 0);
}

/* renameat2(2) that lets two names change places in one step. The kernel's own headers for these
   two numbers declare again what libc's do. */
static inline int exchange_names(const char *one, const char *other) {
    enum { here = -100 /* AT_FDCWD */, exchange = 2 /* RENAME_EXCHANGE */ };
    return (int)syscall(SYS_renameat2, here, one, here, other, exchange);
}

/* fallocate(2) that leaves the file's size alone; -1 and errno when it is refused. */
static inline int reserve_file_space(int descriptor, int64_t bytes) {
    return (int)syscall(SYS_fallocate, descriptor, FALLOC_FL_KEEP_SIZE, (int64_t)0, bytes);
}
