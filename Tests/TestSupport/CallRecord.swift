/// A CDR as `trunkledger cdr list --format ndjson` prints it: the names that tests look at.
public struct CallRecord: Sendable {
    public let row: JSONValue

    public init(_ row: JSONValue) { self.row = row }

    public var id: String { text("cdr_id") }
    public var callID: String { text("call_id") }
    public var attemptNumber: Int { row["attempt_no"]?.int ?? -1 }
    public var trunk: String { text("trunk") }
    public var direction: String { text("direction") }
    public var dialerReference: String { text("dialer_ref") }
    public var calledNumber: String { text("b_e164") }
    public var did: String { text("did") }
    public var disposition: String { text("disposition") }
    public var endSource: String { text("end_source") }
    public var endedBy: String { text("ended_by") }
    public var talkMilliseconds: Double { row["talk_ms"]?.double ?? -1 }
    public var endUncertaintyMilliseconds: Double { row["end_uncertainty_ms"]?.double ?? 0 }
    public var inUseAtSeize: Int { row["in_use_at_seize"]?.int ?? -1 }
    public var flags: [String] { row["flags"]?.elements.compactMap(\.string) ?? [] }
    public var capAtSeize: Int { row["cap_at_seize"]?.int ?? -1 }

    /// True when a measured talk time lies within the record's bounds, give or take `tolerance`.
    public func bounds(contain milliseconds: Double, tolerance: Double = 50) -> Bool {
        let low = talkMilliseconds - tolerance
        return (low...(low + endUncertaintyMilliseconds + 2 * tolerance)).contains(milliseconds)
    }

    private func text(_ name: String) -> String { row[name]?.string ?? "" }
}
