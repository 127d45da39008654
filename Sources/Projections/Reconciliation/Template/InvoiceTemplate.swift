public import TrunkEvents

/// How a carrier's CSV is to be read: which column is what, and what its texts mean.
public struct InvoiceTemplate: Hashable, Sendable {
    /// What a line of an invoice says of a call.
    public enum Field: String, Hashable, Sendable, CaseIterable {
        case start, from, to, duration, amount, rate

        var isRequired: Bool { self == .start || self == .to || self == .duration }
    }

    /// A column by its name in the first line, or by its number from 1.
    public enum Column: Hashable, Sendable {
        case named(String)
        case number(Int)
    }

    public enum DurationUnit: String, Hashable, Sendable, CaseIterable {
        case seconds, minutes
        /// `1:02:03`, `02:03`.
        case clock
    }

    /// Rows of which a column has one of these texts.
    public struct Selection: Hashable, Sendable {
        public var column: Column
        public var texts: [String]
    }

    public var name: String
    public var delimiter = UInt8(ascii: ",")
    public var hasHeader = true
    /// The alternatives of each field, the first that the file has counts. A date and a time in
    /// columns of their own are the parts of one alternative.
    public var columns: [Field: [[Column]]] = [:]
    public var dates = CivilTime.DateOrder.ymd
    /// How far their clock is ahead of UTC, where the carrier says so.
    public var zoneSeconds: Int64?
    public var unit = DurationUnit.seconds
    public var decimalMark = UInt8(ascii: ".")
    public var currency: ShortName?
    public var numbers = NumberPlan()
    /// Rows whose first field begins with one of these are no calls.
    public var skipped: [String] = []
    /// Other rows are left aside.
    public var only: Selection?

    public init(name: String) { self.name = name }
}

extension InvoiceTemplate.Column: CustomStringConvertible {
    /// As templates write it: `Call Date`, `#3`.
    public var description: String {
        switch self {
        case .named(let name): name
        case .number(let number): "#\(number)"
        }
    }
}
