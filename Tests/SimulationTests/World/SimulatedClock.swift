import TrunkEvents

/// The clocks of the agent's machine, and the world's time, which the agent never sees.
struct SimulatedClock {
    private(set) var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    /// From the world's time to the machine's monotonic clock.
    private var offset = Nanoseconds.seconds(50)
    private var wallStart = WallInstant(nanoseconds: 1_795_356_000_000_000_000)
    private var boots = 1

    mutating func move(to instant: MonotonicInstant) {
        now = max(now, instant)
    }

    var moment: Moment {
        Moment(
            wall: wallStart.advanced(by: Nanoseconds(Int64(now.nanoseconds))),
            monotonic: now.advanced(by: offset))
    }

    /// When the machine's clock shows `instant`, which may lie before the world began.
    func worldInstant(_ instant: MonotonicInstant) -> MonotonicInstant {
        let wait = moment.monotonic.duration(to: instant)
        return wait <= .zero ? now : now.advanced(by: wait)
    }

    /// What the wall clock showed then, unless it was set since.
    func wall(of instant: MonotonicInstant) -> WallInstant {
        wallStart.advanced(by: Nanoseconds(Int64(instant.nanoseconds)))
    }

    /// Names the boot, as the kernel does.
    var machineBoot: Octets { Octets("boot-\(boots)") }

    /// The monotonic clock begins at one second.
    mutating func rebootMachine() {
        boots += 1
        offset = .seconds(1) - Nanoseconds(Int64(now.nanoseconds))
    }

    mutating func stepWall(by step: Nanoseconds) {
        wallStart = wallStart.advanced(by: step)
    }
}
