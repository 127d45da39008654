import ArgumentParser
import Projections
import TrunkEvents

/// Whose invoice it is, and how it is read.
struct InvoiceChoice: ParsableArguments {
    @OptionGroup var reading: TemplateChoice

    @Option(help: ArgumentHelp("The carrier's CSV.", valueName: "file"), completion: .file())
    var invoice: String?

    @Option(help: "Whose invoice it is, as the configuration names the carrier.")
    var carrier: String?

    @Option(help: "outbound, or inbound for what the carrier charges for calls to your numbers.")
    var direction = RateTermsChoice.DirectionArgument.outbound

    func terms(
        from: WallInstant? = nil, to: WallInstant? = nil
    ) throws(CommandFailure) -> Reconciliation.Terms {
        var terms = Reconciliation.Terms(direction: direction.direction, from: from, to: to)
        if let carrier {
            guard let name = CarrierName(carrier) else {
                throw .usage("'\(carrier)' is no carrier's name; it has 1 to 31 characters")
            }
            terms.carrier = name
        }
        return terms
    }
}
