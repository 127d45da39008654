internal import Glibc
internal import TrunkEvents

/// The machine's clocks: the one place where the recorder reads time.
enum SystemClock {
    static func now() -> Moment {
        Moment(
            wall: WallInstant(nanoseconds: read(CLOCK_REALTIME)),
            monotonic: MonotonicInstant(nanoseconds: UInt64(read(CLOCK_MONOTONIC))))
    }

    /// Names the machine's boot, during which the monotonic clock is one clock; empty where the
    /// kernel does not say.
    static var machineBoot: Octets {
        let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return .empty }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 36)
        guard Glibc.read(file, &bytes, bytes.count) == bytes.count else { return .empty }
        return Octets(bytes)
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        let status = clock_gettime(clock, &time)
        precondition(status == 0, "clock_gettime fails only for a clock that does not exist")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
