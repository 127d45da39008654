/* C, because liblmdb calls these functions by their names. */
#define _GNU_SOURCE
#include "disk_faults.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char watched[PATH_MAX];
static int trace = -1;

static uint32_t failing_call;
static int32_t failure;
static int32_t fails_forever;
static uint64_t calls_left;
static uint64_t calls_failed;

void disk_faults_watch(const char *directory) {
    pthread_mutex_lock(&lock);
    snprintf(watched, sizeof watched, "%s/", directory);
    pthread_mutex_unlock(&lock);
}

int disk_faults_trace(const char *path) {
    int opened = (int)syscall(
        SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (opened < 0) return errno;
    trace = opened;
    return 0;
}

void disk_faults_fail(uint32_t call, int32_t how, uint64_t nth, int32_t forever) {
    pthread_mutex_lock(&lock);
    failing_call = call;
    failure = how;
    fails_forever = forever;
    calls_left = nth;
    calls_failed = 0;
    pthread_mutex_unlock(&lock);
}

uint64_t disk_faults_stop_failing(void) {
    pthread_mutex_lock(&lock);
    failing_call = 0;
    uint64_t failed = calls_failed;
    pthread_mutex_unlock(&lock);
    return failed;
}

static int is_below(const char *path) {
    return watched[0] && strncmp(path, watched, strlen(watched)) == 0;
}

enum file { FILE_OTHER, FILE_DATA, FILE_SYNCED_DATA, FILE_DIRECTORY };

/* What a descriptor leads to. The kernel is asked each time, so that nothing can be stale. */
static enum file file_of(int descriptor) {
    if (!watched[0]) return FILE_OTHER;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 2);
    if (length <= 0) return FILE_OTHER;
    path[length] = 0;
    struct stat status;
    if (fstat(descriptor, &status) != 0) return FILE_OTHER;
    if (S_ISDIR(status.st_mode)) {
        /* The watched directory itself counts, too. */
        strcpy(path + length, "/");
        return is_below(path) ? FILE_DIRECTORY : FILE_OTHER;
    }
    const char *name = strrchr(path, '/');
    if (!is_below(path) || !name || strcmp(name, "/data.mdb") != 0) return FILE_OTHER;
    int flags = fcntl(descriptor, F_GETFL);
    return flags & O_DSYNC ? FILE_SYNCED_DATA : FILE_DATA;
}

/* Whether this call is one that must fail, and how; 0 when not. */
static int32_t next_failure(uint32_t call) {
    if (failing_call != call) return 0;
    if (calls_left > 1) {
        calls_left -= 1;
        return 0;
    }
    if (calls_left == 0 && !fails_forever) return 0;
    calls_left = 0;
    calls_failed += 1;
    return failure;
}

static void record(
    uint32_t call, int failed, uint64_t offset, const struct iovec *parts, int count) {
    if (trace < 0) return;
    struct disk_record entry = {call, failed, offset, 0};
    for (int part = 0; part < count; part++) entry.length += parts[part].iov_len;
    syscall(SYS_write, trace, &entry, sizeof entry);
    if (count > 0) syscall(SYS_writev, trace, parts, count);
}

void disk_faults_acknowledge(uint64_t number) {
    pthread_mutex_lock(&lock);
    record(DISK_ACKNOWLEDGED, 0, number, NULL, 0);
    pthread_mutex_unlock(&lock);
}

/* Bytes written; all but at most half of a short write's first part are left out. */
static ssize_t write_half(int descriptor, const struct iovec *parts, off_t offset) {
    size_t half = parts[0].iov_len / 2;
    return syscall(SYS_pwrite64, descriptor, parts[0].iov_base, half, offset);
}

/* `offset` is where the write goes; `moves` tells that the descriptor's own offset follows it. */
static ssize_t faulty_write(
    int descriptor, const struct iovec *parts, int count, off_t offset, int moves) {
    enum file file = file_of(descriptor);
    if (file != FILE_DATA && file != FILE_SYNCED_DATA) {
        if (moves) return syscall(SYS_writev, descriptor, parts, count);
        return syscall(SYS_pwritev, descriptor, parts, count, offset, 0);
    }
    uint32_t call = file == FILE_DATA ? DISK_WRITE : DISK_SYNCED_WRITE;
    pthread_mutex_lock(&lock);
    int32_t how = next_failure(call);
    /* A failed write may leave anything of itself: the trace has all of it. */
    record(call, how != 0, (uint64_t)offset, parts, count);
    ssize_t written = -1;
    int code = how;
    if (how == DISK_SHORT) {
        written = write_half(descriptor, parts, offset);
        code = errno;
    } else if (how == 0 || how == DISK_DONE_EIO) {
        written = syscall(SYS_pwritev, descriptor, parts, count, offset, 0);
        code = errno;
        if (moves && written > 0) syscall(SYS_lseek, descriptor, offset + written, SEEK_SET);
        if (how == DISK_DONE_EIO) { written = -1; code = EIO; }
    }
    pthread_mutex_unlock(&lock);
    errno = code;
    return written;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    struct iovec part = {(void *)bytes, count};
    return faulty_write(descriptor, &part, 1, offset, 0);
}

ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) {
    return faulty_write(descriptor, parts, count, offset, 0);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    off_t offset = syscall(SYS_lseek, descriptor, 0, SEEK_CUR);
    return faulty_write(descriptor, parts, count, offset, 1);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    struct iovec part = {(void *)bytes, count};
    off_t offset = syscall(SYS_lseek, descriptor, 0, SEEK_CUR);
    return faulty_write(descriptor, &part, 1, offset, 1);
}

static int faulty_flush(int descriptor, long number) {
    enum file file = file_of(descriptor);
    if (file == FILE_OTHER) return (int)syscall(number, descriptor);
    uint32_t call = file == FILE_DIRECTORY ? DISK_DIRECTORY_FLUSH : DISK_FLUSH;
    pthread_mutex_lock(&lock);
    int32_t how = next_failure(call);
    int result = how > 0 ? -1 : (int)syscall(number, descriptor);
    int code = how > 0 ? how : errno;
    if (how < 0) { result = -1; code = EIO; }
    /* After it is done: what a trace has before it is on the disk. */
    record(call, result != 0, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = code;
    return result;
}

int fdatasync(int descriptor) { return faulty_flush(descriptor, SYS_fdatasync); }

int fsync(int descriptor) { return faulty_flush(descriptor, SYS_fsync); }

int rename(const char *from, const char *to) {
    if (!is_below(to)) return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    pthread_mutex_lock(&lock);
    int32_t how = next_failure(DISK_RENAME);
    int result = how > 0 ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    int code = how > 0 ? how : errno;
    if (how < 0) { result = -1; code = EIO; }
    record(DISK_RENAME, result != 0, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = code;
    return result;
}

int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | __O_TMPFILE)) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    if (is_below(path)) {
        pthread_mutex_lock(&lock);
        int32_t how = next_failure(DISK_OPEN);
        pthread_mutex_unlock(&lock);
        if (how != 0) {
            errno = how > 0 ? how : EIO;
            return -1;
        }
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
