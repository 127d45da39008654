import Ledger
import Projections
import TrunkEvents

/// One event as `events` prints it.
struct EventRow {
    let entry: LogEntry
    let values: FactValues

    init(_ entry: LogEntry) {
        self.entry = entry
        values = FactValues(entry.event)
    }

    /// A call's id, a trunk's name, or `node`.
    var stream: String {
        let stream = entry.event.stream
        if stream == .node { return "node" }
        if case .text(let trunk)? = values["trunk"], let name = TrunkName(trunk),
            FactStream(name) == stream
        {
            return trunk
        }
        return CallID(rawValue: stream.rawValue).description
    }

    func concerns(_ trunk: TrunkName) -> Bool {
        if case .text(let name)? = values["trunk"] { name == trunk.description } else { false }
    }

    var value: OutputValue {
        let envelope: [(name: String, value: OutputValue)] = [
            ("position", .unsigned(entry.position.rawValue)),
            ("time", .exactInstant(entry.wall)),
            ("kind", .text(entry.event.kind.description)),
            ("stream", .text(stream)),
            ("boot", .text(entry.stamp.boot.description)),
            ("monotonic_ns", .unsigned(entry.stamp.monotonic.nanoseconds)),
        ]
        return .record(envelope + values.members)
    }

    /// The own fields for people: what is empty or in the stream column is left out, whole SIP
    /// messages are cut to their first line.
    var summary: String {
        values.members.compactMap { name, value -> String? in
            let text = value.csvText
            guard !text.isEmpty, text != stream else { return nil }
            let line = text.prefix { !$0.isNewline }
            return "\(name)=\(line)\(line.endIndex == text.endIndex ? "" : "…")"
        }.joined(separator: " ")
    }

    static let columns: [ListingColumn<EventRow>] = [
        ListingColumn(
            "position", "POSITION", .right, rank: 1,
            value: { .unsigned($0.entry.position.rawValue) }),
        ListingColumn("time", "TIME", value: { .exactInstant($0.entry.wall) }),
        ListingColumn("kind", "KIND", value: { .text($0.entry.event.kind.description) }),
        ListingColumn("stream", "CALL OR TRUNK", value: { .text($0.stream) }),
        ListingColumn(
            "fields", "FIELDS", rank: 2, value: { .record($0.values.members) },
            cell: { TableCell($0.summary) }),
    ]
}
