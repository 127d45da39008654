#pragma once
#include <stdint.h>

/* A disk that is watched, or fails on demand.
 *
 * A program that links this target has its own pwrite, writev, fdatasync and so on, which liblmdb,
 * being linked dynamically, finds before libc's. They act on the files of one directory and pass
 * everything else through. */

/* The calls that can be traced and made to fail. */
enum disk_call {
    DISK_WRITE = 1,           /* into a data file's page cache */
    DISK_SYNCED_WRITE = 2,    /* through an O_DSYNC descriptor: LMDB's meta pages */
    DISK_FLUSH = 3,           /* fdatasync or fsync of a data file */
    DISK_DIRECTORY_FLUSH = 4, /* fsync of a directory */
    DISK_RENAME = 5,
    DISK_OPEN = 6,
    DISK_ACKNOWLEDGED = 7, /* not a call: the program's own mark */
};

/* How a call goes wrong, besides the errno values, which are positive. */
enum disk_failure {
    DISK_SHORT = -1,      /* half of a write is done and reported */
    DISK_DONE_EIO = -2,   /* the call takes effect and reports EIO */
};

/* One entry of a trace; a write's bytes follow it. */
struct disk_record {
    uint32_t call;
    uint32_t failed; /* whether it was reported as failed */
    uint64_t offset; /* in the data file; of a mark, its number */
    uint64_t length; /* of the bytes that follow */
};

/* Watches the files below `directory` from now on. */
void disk_faults_watch(const char *directory);

/* Appends all calls to the file `path`, in their order. Returns 0, or errno. */
int disk_faults_trace(const char *path);

/* Puts a mark into the trace. */
void disk_faults_acknowledge(uint64_t number);

/* Makes the `nth` call of a kind from now fail, counted from 1, and with `forever` all after it. */
void disk_faults_fail(uint32_t call, int32_t failure, uint64_t nth, int32_t forever);

/* Nothing fails any more. Returns how many calls have failed. */
uint64_t disk_faults_stop_failing(void);
