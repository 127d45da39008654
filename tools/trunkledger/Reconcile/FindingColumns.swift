import Projections
import TrunkEvents

extension Finding {
    /// A finding's fields in the shape of a listing.
    static let columns: [ListingColumn<Finding>] = [
        ListingColumn("class", "CLASS", value: { .text($0.kind.rawValue) }),
        ListingColumn("line", "LINE", .right, value: { integer($0.line) }),
        ListingColumn("original_line", value: { integer($0.original) }),
        ListingColumn("cdr_id", "CDR", value: { OutputValue($0.cdr) }),
        ListingColumn("from", "FROM", rank: 2, value: { digits($0.calling) }),
        ListingColumn("to", "TO", value: { digits($0.called) }),
        ListingColumn("billed_at", value: { OutputValue($0.billedAt) }),
        ListingColumn(
            "started_at", "STARTED", rank: 1, isWhole: true,
            value: { OutputValue($0.startedAt ?? $0.billedAt) }),
        ListingColumn("billed_s", "BILLED", .right, value: { integer($0.billedSeconds) }),
        ListingColumn("expected_s", "EXPECTED", .right, value: { integer($0.expectedSeconds) }),
        ListingColumn("talk_ms", value: { integer($0.talkMilliseconds) }),
        ListingColumn("amount", "AMOUNT", .right, rank: 3, value: { OutputValue($0.amount) }),
        ListingColumn("expected_amount", value: { OutputValue($0.expectedAmount) }),
        ListingColumn("stake", "AT STAKE", .right, value: { .text($0.stake.description) }),
    ]

    private static func integer(_ value: (some FixedWidthInteger)?) -> OutputValue {
        value.map { .integer(Int64($0)) } ?? .none
    }

    private static func digits(_ digits: PhoneDigits) -> OutputValue {
        digits.isEmpty ? .none : .text(digits.description)
    }
}

/// A class and its sums.
struct FindingTotal {
    var kind: Finding.Kind
    var total: ReconciliationReport.Total

    static let columns: [ListingColumn<FindingTotal>] = [
        ListingColumn(
            "class", "CLASS", value: { .text($0.kind.rawValue) },
            cell: { TableCell($0.kind.title, Tint($0.kind, $0.total.count)) }),
        ListingColumn("lines", "LINES", .right, value: { .integer(Int64($0.total.count)) }),
        ListingColumn("billed_s", "BILLED S", .right, value: { .integer($0.total.billedSeconds) }),
        ListingColumn(
            "expected_s", "EXPECTED S", .right, value: { .integer($0.total.expectedSeconds) }),
        ListingColumn("amount", "AMOUNT", .right, value: { .text($0.total.amount.description) }),
        ListingColumn("stake", "AT STAKE", .right, value: { .text($0.total.stake.description) }),
    ]
}

extension Tint {
    init(_ kind: Finding.Kind, _ count: Int) {
        switch kind {
        case _ where count == 0: self = .none
        case .exact: self = .good
        case .rounding, .missingTheirs: self = .none
        case .rate, .duration, .missingOurs: self = .warning
        case .duplicate, .unanswered, .hung: self = .bad
        }
    }
}
