public import Ledger
public import TrunkEvents

/// When and where in the log something happened.
public struct Stamp: Hashable, Sendable {
    public let position: Position
    public let wall: WallInstant
    public let monotonic: MonotonicInstant
    public let boot: BootID

    public init(
        position: Position, wall: WallInstant, monotonic: MonotonicInstant, boot: BootID
    ) {
        self.position = position
        self.wall = wall
        self.monotonic = monotonic
        self.boot = boot
    }

    init(_ view: borrowing EventView) {
        let header = view.header
        self.init(
            position: view.position, wall: WallInstant(nanoseconds: header.wallTime),
            monotonic: MonotonicInstant(nanoseconds: header.monotonicTime), boot: view.bootID)
    }

    /// The time that passed until `later`, never negative.
    ///
    /// Within one boot the monotonic clock measures it: a wall clock that was set in between
    /// changes nothing. Across boots only the wall clock can say.
    public func elapsed(to later: Stamp) -> Nanoseconds {
        let span =
            boot == later.boot
            ? monotonic.duration(to: later.monotonic) : wall.duration(to: later.wall)
        return max(.zero, span)
    }

    /// The same moment on a clock that `boot` shares with an earlier one.
    func onClock(of boot: BootID) -> Stamp {
        Stamp(position: position, wall: wall, monotonic: monotonic, boot: boot)
    }

    /// The same boot's stamp at a wall time up to a second earlier: so shortly before, both clocks
    /// ran alike. `nil` for other times.
    func moved(to instant: WallInstant) -> Stamp? {
        let back = instant.duration(to: wall)
        guard back >= .zero, back <= .seconds(1) else { return nil }
        return Stamp(
            position: position, wall: instant,
            monotonic: monotonic.advanced(by: .zero - back), boot: boot)
    }
}

extension Stamp: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(position)
        encoder.write(wall)
        encoder.write(monotonic)
        encoder.write(boot)
    }

    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        position = try decoder.read()
        wall = try decoder.read()
        monotonic = try decoder.read()
        boot = try decoder.read()
    }
}
