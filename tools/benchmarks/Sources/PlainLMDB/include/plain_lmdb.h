// The peer: what a C programmer would write on LMDB without us. One key per event, MDB_APPEND,
// one synchronous commit per batch, no hash, no checksum.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct plain_lmdb plain_lmdb;

// NULL when the directory cannot be used; the directory must exist.
plain_lmdb *plain_lmdb_open(const char *directory);

// Appends `count` events of `size` bytes each and commits durably. 0, or LMDB's error code.
int plain_lmdb_append(plain_lmdb *store, const void *event, size_t size, size_t count);

void plain_lmdb_close(plain_lmdb *store);

// Overwrites one 4 KiB block and calls fdatasync, `rounds` times; mean nanoseconds per round, or
// a negative errno.
int64_t raw_fdatasync_nanoseconds(const char *path, int rounds);
