internal import Glibc

/// The system's wall clock: nanoseconds since 1970-01-01 00:00 UTC.
func wallNanoseconds() -> Int64 {
    var time = timespec()
    // clock_gettime fills the struct; CLOCK_REALTIME always exists.
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// The system's monotonic clock, in nanoseconds.
func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    // clock_gettime fills the struct; CLOCK_MONOTONIC always exists on Linux.
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
