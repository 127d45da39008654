import TrunkEvents

/// The maintenance windows that trunks had in the configuration, each with the time for which it
/// stood there: a report about last month goes by last month's.
///
/// Hours of the week count while they stand there. A dated window counts whole, if it was written
/// before it was over, until it is taken out: whoever writes it while the carrier already works
/// means all of it, and whoever takes it out before it begins means none.
public struct MaintenanceHistory: Hashable, Sendable {
    fileprivate struct Spell: Hashable, Sendable {
        /// As the configuration writes it.
        var window: Octets
        var since: WallInstant
        var until: WallInstant?

        func stretches(in range: Range<WallInstant>) -> [Range<WallInstant>] {
            guard let window = MaintenanceWindow(self.window.description) else { return [] }
            var from = since
            if case .once(let dated) = window, since < dated.upperBound {
                from = min(since, dated.lowerBound)
            }
            let to = until ?? range.upperBound
            return from < to ? window.stretches(in: range.clamped(to: from..<to)) : []
        }
    }

    private var spells: [TrunkName: [Spell]] = [:]

    init() {}

    /// The trunk's windows from that instant on.
    mutating func set(_ windows: [Octets], of trunk: TrunkName, at instant: WallInstant) {
        var spells = self.spells[trunk] ?? []
        for index in spells.indices
        where spells[index].until == nil && !windows.contains(spells[index].window) {
            spells[index].until = instant
        }
        for window in windows
        where !spells.contains(where: { $0.until == nil && $0.window == window }) {
            spells.append(Spell(window: window, since: instant))
        }
        self.spells[trunk] = spells.isEmpty ? nil : spells
    }

    /// What of `range` was in maintenance, in no order.
    func stretches(of trunk: TrunkName, in range: Range<WallInstant>) -> [Range<WallInstant>] {
        (spells[trunk] ?? []).flatMap { $0.stretches(in: range) }
    }
}

extension MaintenanceHistory: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.write(spells) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        spells = try decoder.read()
    }
}

extension MaintenanceHistory.Spell: StateCodable {
    func encode(into encoder: inout StateEncoder) {
        encoder.write(window)
        encoder.write(since)
        encoder.write(until)
    }
    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        window = try decoder.read()
        since = try decoder.read()
        until = try decoder.read()
    }
}
