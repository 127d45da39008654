import TrunkEvents

/// Which of our calls an invoice bills, and what they should cost.
struct OwnCallChoice {
    private let terms: Reconciliation.Terms
    private let template: InvoiceTemplate
    private let book: RatingBook
    private(set) var nodes: [ShortName?] = []
    private(set) var carrier: CarrierName?
    /// The template's, else the decks'.
    private(set) var currency: ShortName?
    /// The first reason for which the calls cannot be compared.
    private(set) var refusal: ReconciliationError?

    init(_ terms: Reconciliation.Terms, _ template: InvoiceTemplate, _ book: RatingBook) {
        self.terms = terms
        self.template = template
        self.book = book
        carrier = terms.carrier
        currency = template.currency
    }

    /// Of that carrier and direction, and within a zone's reach of the invoice.
    mutating func concerns(_ row: CDRRow, _ stamps: ClosedRange<Int64>) -> Bool {
        guard row.direction == terms.direction else { return false }
        let reach = ClockDetection.reachMilliseconds
        let begin = row.seizedAt.nanoseconds / 1_000_000
        let end = row.endedAt.nanoseconds / 1_000_000
        guard end >= stamps.lowerBound - reach, begin <= stamps.upperBound + reach else {
            return false
        }
        if terms.carrier != nil { return row.carrier == carrier }
        if carrier == nil { carrier = row.carrier }
        if let first = carrier, let other = row.carrier, first != other {
            refusal = refusal ?? .severalCarriers(first, other)
        }
        return true
    }

    /// `nil` where what was dialled is no number.
    mutating func call(_ row: CDRRow) -> OwnCall? {
        let rating = book.isEmpty ? nil : book.newest(of: row).rating
        if let rating {
            let known = currency ?? rating.currency
            currency = known
            if known != rating.currency {
                refusal = refusal ?? .otherCurrency(invoice: known, deck: rating.currency)
            }
        }
        return OwnCall(row, rating: rating, plan: template.numbers, node: index(of: row.node))
    }

    private mutating func index(of node: ShortName?) -> UInt16 {
        if let index = nodes.lastIndex(of: node) { return UInt16(index) }
        nodes.append(node)
        return UInt16(clamping: nodes.count - 1)
    }
}
