import TrunkEvents

/// What a carrier's invoice says of a call, and what the call comes to.
public struct EvidenceClaim: Hashable, Sendable {
    /// The invoice's file name and SHA-256, and the line in it, from 1.
    public var invoice: String
    public var sha256: Digest
    public var line: Int
    /// The line as the carrier wrote it, up to its first line break.
    public var text: String
    /// The class that reconciliation put it into, e.g. `duration`.
    public var kind: String
    public var record: CDRID
    public var talkMilliseconds: Int64
    public var billedSeconds: Int64?
    public var expectedSeconds: Int64?
    /// Whole units of 1e-8 of the invoice's currency.
    public var amount: Money?
    public var expectedAmount: Money?
    /// What is charged too much.
    public var stake: Money

    public init(
        invoice: String, sha256: Digest, line: Int, text: String, kind: String, record: CDRID,
        talkMilliseconds: Int64, billedSeconds: Int64?, expectedSeconds: Int64?, amount: Money?,
        expectedAmount: Money?, stake: Money
    ) {
        self.invoice = invoice
        self.sha256 = sha256
        self.line = line
        self.text = String(text.prefix { !$0.isNewline })
        self.kind = kind
        self.record = record
        self.talkMilliseconds = talkMilliseconds
        self.billedSeconds = billedSeconds
        self.expectedSeconds = expectedSeconds
        self.amount = amount
        self.expectedAmount = expectedAmount
        self.stake = stake
    }

    /// In the order in which people and programs get them; empty where nothing is said.
    var fields: [(name: String, value: FieldValue)] {
        let text = { (money: Money?) in money.map { FieldValue.text($0.description) } ?? .none }
        let integer = { (value: Int64?) in value.map { FieldValue.integer($0) } ?? .none }
        return [
            ("invoice", .text(invoice)), ("invoice_sha256", .text(sha256.description)),
            ("line", .integer(Int64(line))), ("text", .text(self.text)), ("class", .text(kind)),
            ("cdr_id", .text(record.description)), ("talk_ms", .integer(talkMilliseconds)),
            ("billed_s", integer(billedSeconds)), ("expected_s", integer(expectedSeconds)),
            ("amount", text(amount)), ("expected_amount", text(expectedAmount)),
            ("stake", text(stake)),
        ]
    }

    var json: String {
        var json = JSONWriter()
        json.beginObject()
        for (name, value) in fields {
            json.key(name)
            json.field(value)
        }
        json.endObject()
        json.endLine()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
