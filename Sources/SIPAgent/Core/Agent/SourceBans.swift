import TrunkEvents

/// Counts wrong passwords by source, and remembers which sources are banned for them. Only who can
/// read what we send to an address can show a wrong password from it (see `DigestVerifier`), so
/// that nobody gets another one banned.
///
/// ```
///            a wrong password               the last one within the window
///  unknown ------------------> counted -----------------------------------> banned
///     ^                           |                                            |
///     +---------------------------+ window over                                |
///     +------------------------------------------------------------------------+ time served
/// ```
struct SourceBans: Sendable {
    private enum Record: Sendable {
        case counted(failures: UInt32, until: MonotonicInstant)
        case banned(until: MonotonicInstant)

        var end: MonotonicInstant {
            switch self {
            case .counted(_, let until), .banned(let until): until
            }
        }

        var isBan: Bool {
            switch self {
            case .counted: false
            case .banned: true
            }
        }
    }

    private var records: [IPAddress: Record] = [:]

    /// Sources remembered at once; bans outlast counts.
    static let sourcesMax = 1_024

    func holds(_ source: IPAddress, at now: MonotonicInstant) -> Bool {
        guard !records.isEmpty, let record = records[source] else { return false }
        return record.isBan && record.end > now
    }

    /// One more wrong password; how many there were when it is the one that bans its source.
    mutating func noteFailure(
        of source: IPAddress, _ rules: BanRules, at now: MonotonicInstant
    ) -> UInt32? {
        var failures: UInt32 = 1
        var until = now.advanced(by: rules.window)
        if case .counted(let before, let end)? = records[source], end > now {
            failures += before
            until = end
        }
        guard makeRoom(for: source, at: now) else { return nil }
        guard failures >= rules.failures else {
            records[source] = .counted(failures: failures, until: until)
            return nil
        }
        records[source] = .banned(until: now.advanced(by: rules.duration))
        return failures
    }

    private mutating func makeRoom(for source: IPAddress, at now: MonotonicInstant) -> Bool {
        guard records[source] == nil, records.count >= Self.sourcesMax else { return true }
        records = records.filter { $0.value.end > now }
        if records.count >= Self.sourcesMax { records = records.filter { $0.value.isBan } }
        return records.count < Self.sourcesMax
    }

    mutating func forgetAll() { records = [:] }
}
