import Ledger
public import TrunkEvents

/// By what indicators are told apart.
public enum QualityDimension: String, Hashable, Sendable, CaseIterable {
    case trunk, carrier, prefix, hour
}

/// One line's place: what is not asked for is `nil`.
public struct QualityGroup: Hashable, Sendable {
    public var trunk: TrunkName?
    public var carrier: CarrierName?
    /// The route's prefix; `nil` for inbound calls too.
    public var prefix: Octets?
    /// The UTC hour's beginning.
    public var hour: WallInstant?
}

/// One line of the report.
public struct QualityLine: Hashable, Sendable {
    public let group: QualityGroup
    public let quality: CallQuality
    /// `nil` where the line is by prefix: channels belong to trunks.
    public let traffic: CarriedTraffic.Cell?
}

extension QualityLine {
    /// Mean channels in use.
    public var erlangs: Double? {
        guard let traffic, traffic.span > .zero else { return nil }
        return Double(traffic.held.count) / Double(traffic.span.count)
    }

    /// What Erlang-B says of the offered traffic on so many channels, beside the measured share.
    public var theoreticalBlocking: Double? {
        guard let erlangs, let traffic, traffic.cap > 0 else { return nil }
        let offered = ErlangB.offered(
            carried: erlangs, blocking: quality.blocking.value ?? 0)
        return ErlangB.blocking(offered: offered, channels: traffic.cap)
    }
}

/// Key indicators of a stretch of time.
///
/// Takes the log's events up to the end of the range first, then the call records. It may begin
/// with the range, where it is given the occupancy as the last event before it left that.
public struct QualityReport: Sendable {
    public let from: WallInstant
    public let to: WallInstant
    private let dimensions: Set<QualityDimension>
    private let shortBelow: Nanoseconds
    private var carriers: [TrunkName: CarrierName] = [:]
    private var prefixes: [CallID: Octets] = [:]
    private var groups: [QualityGroup: Tally] = [:]
    private var traffic: CarriedTraffic

    private struct Tally {
        var quality = CallQuality()
        var calls: Set<CallID> = []
        var rate = CallRate()
    }

    public init(
        by dimensions: Set<QualityDimension>, from: WallInstant, to: WallInstant,
        shortBelow: Nanoseconds, occupancy: TrunkOccupancy = TrunkOccupancy()
    ) {
        self.dimensions = dimensions
        self.from = from
        self.to = to
        self.shortBelow = shortBelow
        traffic = CarriedTraffic(from: from, to: to, occupancy: occupancy)
        for (trunk, load) in zip(occupancy.trunks.keys, occupancy.trunks.values) {
            carriers[trunk] = load.carrier
        }
    }

    /// The kinds of facts that ``apply(_:)`` looks at.
    public static let kinds: Set<FactKind> = [
        .trunkConfigured, .trunkRemoved, .routeChosen, .channelSeized, .channelReleased,
        .channelRefused, .registrationSucceeded, .registrationFailed,
    ]

    public mutating func apply(_ entry: LogEntry) {
        if case .trunkConfigured(let fact) = entry.event { carriers[fact.trunk] = fact.carrier }
        traffic.apply(entry)
        guard entry.wall >= from, entry.wall < to else { return }
        switch entry.event {
        case .routeChosen(let fact):
            if dimensions.contains(.prefix) { prefixes[fact.call] = fact.prefix }
        case .channelSeized(let fact):
            change(fact.trunk, fact.call, entry.wall) { $0.rate.add(entry.stamp) }
        case .channelRefused(let fact):
            change(fact.trunk, fact.call, entry.wall) { tally in
                tally.calls.insert(fact.call)
                tally.quality.refused += 1
                tally.quality.refusals[fact.reason, default: 0] += 1
                if RefusalReason.full.contains(fact.reason) { tally.quality.blocked += 1 }
            }
        case .registrationSucceeded(let fact):
            change(fact.trunk, nil, entry.wall) { $0.quality.registrations += 1 }
        case .registrationFailed(let fact):
            change(fact.trunk, nil, entry.wall) { tally in
                tally.quality.registrations += 1
                if fact.isIneffective { tally.quality.ineffectiveRegistrations += 1 }
            }
        default: break  // Every other fact is told by the call's record.
        }
    }

    public mutating func add(_ row: CDRRow) {
        guard row.seizedAt >= from, row.seizedAt < to else { return }
        carriers[row.trunk] = carriers[row.trunk] ?? row.carrier
        let limit = shortBelow
        change(row.trunk, row.call, row.seizedAt) { tally in
            tally.calls.insert(row.call)
            tally.quality.add(row, shortBelow: limit)
        }
    }

    private mutating func change(
        _ trunk: TrunkName, _ call: CallID?, _ instant: WallInstant, _ body: (inout Tally) -> Void
    ) {
        var group = QualityGroup()
        if dimensions.contains(.trunk) { group.trunk = trunk }
        if dimensions.contains(.carrier) { group.carrier = carriers[trunk] }
        if dimensions.contains(.prefix) { group.prefix = call.flatMap { prefixes[$0] } }
        if dimensions.contains(.hour) { group.hour = CarriedTraffic.hour(of: instant) }
        body(&groups[group, default: Tally()])
    }

    /// By trunk, carrier, prefix and hour.
    public mutating func lines() -> [QualityLine] {
        traffic.finish()
        let cells = joinedTraffic()
        var lines = groups.map { group, tally in
            var quality = tally.quality
            quality.bids = UInt64(tally.calls.count)
            quality.callsPerSecondPeak = tally.rate.peak
            return QualityLine(group: group, quality: quality, traffic: cells[group])
        }
        for (group, cell) in cells where groups[group] == nil && !dimensions.contains(.hour) {
            lines.append(QualityLine(group: group, quality: CallQuality(), traffic: cell))
        }
        return lines.sorted { $0.group.sortKey.lexicographicallyPrecedes($1.group.sortKey) }
    }

    private func joinedTraffic() -> [QualityGroup: CarriedTraffic.Cell] {
        guard !dimensions.contains(.prefix) else { return [:] }
        // Hours of one trunk follow each other; trunks stand side by side.
        var trunks: [CarriedTraffic.Key: CarriedTraffic.Cell] = [:]
        for (key, cell) in traffic.cells {
            var key = key
            if !dimensions.contains(.hour) { key.hour = from }
            trunks[key, default: CarriedTraffic.Cell()].extend(by: cell)
        }
        var joined: [QualityGroup: CarriedTraffic.Cell] = [:]
        for (key, cell) in trunks {
            let group = QualityGroup(
                trunk: dimensions.contains(.trunk) ? key.trunk : nil,
                carrier: dimensions.contains(.carrier) ? carriers[key.trunk] : nil, prefix: nil,
                hour: dimensions.contains(.hour) ? key.hour : nil)
            joined[group, default: CarriedTraffic.Cell()].join(cell)
        }
        return joined
    }
}

extension QualityGroup {
    fileprivate var sortKey: [[UInt8]] {
        let instant = hour.map { UInt64(bitPattern: $0.nanoseconds) ^ 1 << 63 } ?? 0
        return [
            trunk?.name.bytes ?? [], carrier?.name.bytes ?? [], prefix?.bytes ?? [],
            (0..<8).map { UInt8(truncatingIfNeeded: instant >> UInt64(56 - $0 * 8)) },
        ]
    }
}

extension Array<[UInt8]> {
    fileprivate func lexicographicallyPrecedes(_ other: Self) -> Bool {
        for (left, right) in zip(self, other) where left != right {
            return left.lexicographicallyPrecedes(right)
        }
        return false
    }
}

extension RegistrationFailed {
    /// RFC 6076 section 4.2: a final answer other than 401, 402 and 407, or none at all.
    fileprivate var isIneffective: Bool {
        switch cause {
        case .timeout, .transport: true
        case .rejected, .credentials: code.map { ![401, 402, 407].contains($0.rawValue) } ?? true
        }
    }
}
