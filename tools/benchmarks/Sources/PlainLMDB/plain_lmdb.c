#include "plain_lmdb.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct plain_lmdb {
    MDB_env *env;
    MDB_dbi dbi;
    uint64_t next;
};

plain_lmdb *plain_lmdb_open(const char *directory) {
    plain_lmdb *store = calloc(1, sizeof *store);
    if (store == NULL) return NULL;
    MDB_txn *txn = NULL;
    int rc = mdb_env_create(&store->env);
    if (rc == 0) rc = mdb_env_set_mapsize(store->env, (size_t)64 << 30);
    if (rc == 0) rc = mdb_env_open(store->env, directory, 0, 0600);
    if (rc == 0) rc = mdb_txn_begin(store->env, NULL, 0, &txn);
    if (rc == 0) rc = mdb_dbi_open(txn, NULL, MDB_CREATE, &store->dbi);
    if (rc == 0) rc = mdb_txn_commit(txn);
    if (rc == 0) return store;
    plain_lmdb_close(store);
    return NULL;
}

int plain_lmdb_append(plain_lmdb *store, const void *event, size_t size, size_t count) {
    MDB_txn *txn;
    int rc = mdb_txn_begin(store->env, NULL, 0, &txn);
    if (rc != 0) return rc;
    for (size_t i = 0; i < count && rc == 0; i++) {
        uint64_t position = __builtin_bswap64(++store->next);
        MDB_val key = {sizeof position, &position};
        MDB_val value = {size, (void *)event};
        rc = mdb_put(txn, store->dbi, &key, &value, MDB_APPEND);
    }
    if (rc != 0) {
        mdb_txn_abort(txn);
        return rc;
    }
    return mdb_txn_commit(txn);
}

void plain_lmdb_close(plain_lmdb *store) {
    if (store->env != NULL) mdb_env_close(store->env);
    free(store);
}

int64_t raw_fdatasync_nanoseconds(const char *path, int rounds) {
    char block[4096];
    memset(block, 0x5A, sizeof block);
    int fd = open(path, O_CREAT | O_RDWR, 0600);
    if (fd < 0) return -errno;
    struct timespec begin, end;
    int64_t result = -1;
    if (pwrite(fd, block, sizeof block, 0) == sizeof block && fdatasync(fd) == 0) {
        clock_gettime(CLOCK_MONOTONIC, &begin);
        int done = 0;
        while (done < rounds && pwrite(fd, block, sizeof block, 0) == sizeof block
               && fdatasync(fd) == 0)
            done++;
        clock_gettime(CLOCK_MONOTONIC, &end);
        if (done == rounds)
            result = ((end.tv_sec - begin.tv_sec) * 1000000000LL + end.tv_nsec - begin.tv_nsec)
                     / rounds;
    }
    int code = errno;
    close(fd);
    unlink(path);
    return result < 0 ? -code : result;
}
