#include "plain_sqlite.h"

#include <sqlite3.h>
#include <stdlib.h>

struct plain_sqlite {
    sqlite3 *db;
    sqlite3_stmt *insert;
};

static const char schema[] =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "CREATE TABLE event (position INTEGER PRIMARY KEY, payload BLOB NOT NULL);";

plain_sqlite *plain_sqlite_open(const char *path) {
    plain_sqlite *store = calloc(1, sizeof *store);
    if (store == NULL) return NULL;
    int rc = sqlite3_open(path, &store->db);
    if (rc == SQLITE_OK) rc = sqlite3_exec(store->db, schema, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(
            store->db, "INSERT INTO event (payload) VALUES (?)", -1, &store->insert, NULL);
    if (rc == SQLITE_OK) return store;
    plain_sqlite_close(store);
    return NULL;
}

int plain_sqlite_append(plain_sqlite *store, const void *event, size_t size, size_t count) {
    int rc = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    for (size_t i = 0; i < count && rc == SQLITE_OK; i++) {
        rc = sqlite3_bind_blob(store->insert, 1, event, (int)size, SQLITE_STATIC);
        if (rc == SQLITE_OK && sqlite3_step(store->insert) != SQLITE_DONE)
            rc = sqlite3_errcode(store->db);
        sqlite3_reset(store->insert);
    }
    return rc == SQLITE_OK ? sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL) : rc;
}

void plain_sqlite_close(plain_sqlite *store) {
    sqlite3_finalize(store->insert);
    sqlite3_close(store->db);
    free(store);
}
