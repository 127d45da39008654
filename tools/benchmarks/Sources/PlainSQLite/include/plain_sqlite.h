// The peer: what a C programmer would write on SQLite. WAL, synchronous=FULL, one row an event,
// one transaction a batch, SQLite's own checkpoints.
#pragma once
#include <stddef.h>

typedef struct plain_sqlite plain_sqlite;

// NULL when the file cannot be made.
plain_sqlite *plain_sqlite_open(const char *path);

// Appends `count` events of `size` bytes each and commits durably. 0, or SQLite's error code.
int plain_sqlite_append(plain_sqlite *store, const void *event, size_t size, size_t count);

void plain_sqlite_close(plain_sqlite *store);
