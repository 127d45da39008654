public import TrunkEvents

/// A carrier's prices, as its file has them.
public struct RateDeck: Sendable {
    public let terms: RateDeckTerms
    /// Of the file's bytes: with the terms, all that a rated row depends on.
    public let sha256: Digest
    public let states: AreaCodes?
    public let entryCount: Int
    /// Rows of each prefix, by the instant from which they hold.
    private let entries: [PhoneDigits: [RateEntry]]
    private let longestPrefix: Int

    /// - Throws: every mistake of the file, in its order; then nothing of it is a deck.
    public init(
        _ bytes: [UInt8], file: String, terms: RateDeckTerms, states: AreaCodes? = nil
    ) throws(InputError) {
        let rows = try RateDeckReader.entries(bytes, file: file, terms: terms)
        if states == nil, let row = rows.first(where: \.prices.hasJurisdictions) {
            throw .invalid([
                InputProblem(
                    file: file, line: row.place.line, column: 1,
                    "prices by jurisdiction need a table of area codes; give --states FILE with "
                        + "rows of npa,state")
            ])
        }
        entries = try Self.grouped(rows, file: file)
        longestPrefix = rows.reduce(0) { max($0, $1.prefix.count) }
        entryCount = rows.count
        sha256 = Digest(of: bytes)
        self.terms = terms
        self.states = states
    }

    /// A row without an end holds until the next of its prefix begins; rows that hold at the same
    /// time are refused.
    private static func grouped(
        _ rows: [RateEntry], file: String
    ) throws(InputError) -> [PhoneDigits: [RateEntry]] {
        var groups = Dictionary(grouping: rows, by: \.prefix)
        var problems: [InputProblem] = []
        for (prefix, group) in groups {
            var sorted = group.sorted { $0.from < $1.from }
            for index in sorted.indices.dropFirst() {
                let isOpen = sorted[index - 1].to == .max
                if isOpen, sorted[index - 1].from < sorted[index].from {
                    sorted[index - 1].to = sorted[index].from
                }
                guard sorted[index - 1].to > sorted[index].from else { continue }
                let (first, second) = (sorted[index - 1].place, sorted[index].place)
                let (earlier, later) = first.line < second.line ? (first, second) : (second, first)
                problems.append(
                    InputProblem(
                        file: file, line: later.line, column: later.column,
                        "the effective dates of prefix \(prefix) overlap with those on line "
                            + "\(earlier.line); one price at a time"))
            }
            groups[prefix] = sorted
        }
        guard problems.isEmpty else {
            let inOrder = problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
            throw .invalid(Array(inOrder.prefix(InputError.problemsMax)))
        }
        return groups
    }

    /// The row of the longest prefix of the number that is in force at the instant.
    public func entry(for number: PhoneDigits, at instant: WallInstant) -> RateEntry? {
        var prefix = number
        var count = number.count
        while count > 0 {
            if count <= longestPrefix,
                let entry = entries[prefix]?.last(where: { $0.from <= instant.nanoseconds }),
                instant.nanoseconds < entry.to
            {
                return entry
            }
            prefix = prefix.shortened
            count -= 1
        }
        return nil
    }
}
