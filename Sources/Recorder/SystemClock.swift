internal import Glibc
internal import TrunkEvents

/// The machine's clocks: the one place where the recorder reads time.
enum SystemClock {
    static func now() -> Moment {
        Moment(
            wall: WallInstant(nanoseconds: read(CLOCK_REALTIME)),
            monotonic: MonotonicInstant(nanoseconds: UInt64(read(CLOCK_MONOTONIC))))
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        let status = clock_gettime(clock, &time)
        precondition(status == 0, "clock_gettime fails only for a clock that does not exist")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
