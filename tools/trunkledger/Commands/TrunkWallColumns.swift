import Projections

/// The trunk wall's columns: of `status`, and of `replay` as it was.
enum TrunkWallColumns {
    static let listing: [ListingColumn<TrunkWallLine>] = [
        ListingColumn("trunk", "TRUNK", value: { OutputValue($0.trunk) }),
        ListingColumn("carrier", "CARRIER", rank: 4, value: { OutputValue($0.carrier) }),
        ListingColumn(
            "in_use", "IN USE", .right, value: { OutputValue(count: $0.inUse) }, cell: inUse),
        ListingColumn("cap", value: { OutputValue(count: $0.cap) }),
        ListingColumn("peak", "PEAK", .right, rank: 3, value: { OutputValue(count: $0.peak) }),
        ListingColumn("blocked", "BLOCKED", .right, value: { .unsigned($0.blocked) }),
        ListingColumn("state", "STATE", value: { OutputValue($0.state) }, cell: state),
        ListingColumn("cause", "BECAUSE", rank: 2, value: { OutputValue($0.cause) }),
        ListingColumn("registration", value: { OutputValue($0.registration) }),
        ListingColumn("reachability", value: { OutputValue($0.reachability) }),
        ListingColumn("rests_until", value: { OutputValue($0.restsUntil) }),
        ListingColumn(
            "seizures", "CALLS", .right, rank: 5, value: { .unsigned($0.totals.seizures) }),
        ListingColumn("answered", value: { .unsigned($0.totals.answered) }),
        ListingColumn(
            "asr", "ASR", .right, rank: 1,
            value: { $0.totals.answerSeizureRatio.map { .number($0) } ?? .none },
            cell: { TableCell(PercentText.people($0.totals.answerSeizureRatio)) }),
        ListingColumn(
            "acd_ms", "ACD", .right, rank: 1,
            value: { $0.totals.averageTalkMilliseconds.map { .integer($0) } ?? .none },
            cell: { line in
                TableCell(
                    line.totals.averageTalkMilliseconds.map(SpanText.people(milliseconds:)) ?? "-")
            }),
    ]

    private static func inUse(_ line: TrunkWallLine) -> TableCell {
        let isFull = line.inUse >= line.cap
        let isNear = UInt64(line.inUse) * 10 >= UInt64(line.cap) * 8
        return TableCell(
            "\(line.inUse)/\(line.cap)", isFull ? .bad : isNear ? .warning : .none)
    }

    private static func state(_ line: TrunkWallLine) -> TableCell {
        if line.state == .up, line.restsUntil != nil { return TableCell("resting", .warning) }
        return TableCell(line.state.description, Tint(line.state))
    }
}

extension Tint {
    init(_ state: UptimeState) {
        switch state {
        case .up: self = .good
        case .down: self = .bad
        case .unknown: self = .warning
        }
    }
}
