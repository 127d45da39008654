public import TrunkEvents

/// Why an invoice and our calls cannot be compared.
public enum ReconciliationError: Error, Hashable, Sendable {
    case severalCarriers(CarrierName, CarrierName)
    case otherCurrency(invoice: ShortName, deck: ShortName)
}

extension ReconciliationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .severalCarriers(let first, let second):
            "calls of that time went to \(first) and to \(second); say with --carrier whose "
                + "invoice it is"
        case .otherCurrency(let invoice, let deck):
            "the invoice is in \(invoice), the rate deck in \(deck); load a deck in \(invoice), or "
                + "correct the template's currency"
        }
    }
}
