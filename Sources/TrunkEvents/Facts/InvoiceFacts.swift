// Facts about what carriers charge.

/// A carrier's invoice was held against our calls; this is what came of it.
public struct InvoiceLoaded: Fact {
    public static let kind = FactKind.invoiceLoaded
    public static let version: UInt8 = 1

    /// `nil` where no call of that time names one.
    public var carrier: CarrierName?
    public var direction: CallDirection
    public var from: WallInstant
    public var to: WallInstant
    public var fileName: Octets
    public var sha256: Octets
    /// The template's name, and the SHA-256 of its text.
    public var template: Octets
    public var templateSHA256: Octets
    public var lineCount: UInt32
    public var billedSeconds: Int64
    /// In units of 1e-8 of the invoice's currency.
    public var amountUnits: Int64
    /// Lines, and calls without one, that are not exact.
    public var findingCount: UInt32
    public var stakeUnits: Int64

    public init(
        carrier: CarrierName?, direction: CallDirection, from: WallInstant, to: WallInstant,
        fileName: Octets, sha256: Octets, template: Octets, templateSHA256: Octets,
        lineCount: UInt32, billedSeconds: Int64, amountUnits: Int64, findingCount: UInt32,
        stakeUnits: Int64
    ) {
        self.carrier = carrier
        self.direction = direction
        self.from = from
        self.to = to
        self.fileName = fileName
        self.sha256 = sha256
        self.template = template
        self.templateSHA256 = templateSHA256
        self.lineCount = lineCount
        self.billedSeconds = billedSeconds
        self.amountUnits = amountUnits
        self.findingCount = findingCount
        self.stakeUnits = stakeUnits
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        carrier = try decoder.read()
        direction = try decoder.read()
        from = try decoder.read()
        to = try decoder.read()
        fileName = try decoder.read()
        sha256 = try decoder.read()
        template = try decoder.read()
        templateSHA256 = try decoder.read()
        lineCount = try decoder.read()
        billedSeconds = try decoder.read()
        amountUnits = try decoder.read()
        findingCount = try decoder.read()
        stakeUnits = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("carrier", carrier)
        visitor.field("direction", direction)
        visitor.field("from", from)
        visitor.field("to", to)
        visitor.field("file_name", fileName)
        visitor.field("sha256", sha256)
        visitor.field("template", template)
        visitor.field("template_sha256", templateSHA256)
        visitor.field("line_count", lineCount)
        visitor.field("billed_seconds", billedSeconds)
        visitor.field("amount_units", amountUnits)
        visitor.field("finding_count", findingCount)
        visitor.field("stake_units", stakeUnits)
    }

    public var stream: FactStream { .node }
}
