import ArgumentParser
import Delivery
import Glibc
import Ledger
import Projections
import TrunkEvents

struct CDRDeliverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver",
        abstract: "Bring a database or a web server every batch it has not got yet.",
        discussion: """
            'cdr export' closes the batches; this command delivers their records, in order. \
            Databases get rows in the table trunkledger_cdr, one per record id and revision, and \
            the cursor in the same transaction, so that every row is there once. Web servers get \
            a POST of gzipped JSON lines per batch; the Idempotency-Key tells a batch that comes \
            twice. Whatever fails is tried again, with growing pauses, and nothing is skipped.

              trunkledger cdr deliver --to sqlite:/var/lib/billing/cdr.db
              trunkledger cdr deliver --to postgresql://billing@db.example/calls --follow
              trunkledger cdr deliver --to https://billing.example/cdr \\
                --header 'Authorization: Bearer ${BILLING_TOKEN}' --follow
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    @Option(
        help: ArgumentHelp(
            "sqlite:PATH, postgresql://..., http://... or https://...; ${NAME} is an "
                + "environment variable, percent-encoded behind ://.", valueName: "url"))
    var to: String

    @Option(
        help: ArgumentHelp(
            "What the log calls the destination (default: the URL without password and query).",
            valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "A further header for a web server; ${NAME} is an environment variable.",
            valueName: "line"))
    var header: [String] = []

    @Flag(help: "Stay, and deliver each batch as it is closed.")
    var follow = false

    @Option(
        help: ArgumentHelp("The longest wait for a web server's answer.", valueName: "span"))
    var timeout = SpanArgument(.seconds(30))

    @Option(
        help: ArgumentHelp(
            "The pause before the second try; it doubles up to 5m.", valueName: "span"))
    var pause = SpanArgument(.seconds(1))

    @Option(
        help: ArgumentHelp(
            "End with status 74 after so long without success (default: 1m, with --follow never).",
            valueName: "span"))
    var giveUp: SpanArgument?

    func run() throws {
        let address = try VariableText.expandAddress(to)
        guard let target = DeliveryTarget(address) else {
            throw CommandFailure.usage(
                "--to is no destination; write it like sqlite:PATH, postgresql://HOST/DATABASE or "
                    + "https://HOST/PATH, and / ? # @ in a password like %2F %3F %23 %40")
        }
        guard pause.span > .zero, timeout.span > .zero else {
            throw CommandFailure.usage("--pause and --timeout must be longer than nothing")
        }
        let ledger = try source.path()
        var delivery = Delivery(
            to: target, name: name ?? target.name, headers: try header.map(VariableText.expand),
            timeout: timeout.span)
        let patience = DeliveryPatience(
            first: pause.span, giveUpAfter: giveUp?.span ?? (follow ? nil : .seconds(60)))
        var run = DeliveryRun(
            ledger: ledger, name: delivery.name, patience: patience,
            listing: try Listing(DeliveredBatch.columns, output, to: StandardOutput()))
        repeat {
            let reached = try run.untilDone(&delivery) { try source.batches() }
            guard follow else { break }
            run.showSoFar()
            try source.waitForBatch(after: reached)
        } while true
        run.finish()
    }
}

extension LedgerChoice {
    fileprivate func batches() throws -> BatchSource {
        let projections = try projections(
            CallDetailRecords.self, ExportHistory.self, RateDeckHistory.self)
        let book = try ratingBook(of: projections)
        return BatchSource(projections, book)
    }

    /// Returns when a batch was closed behind that event.
    fileprivate func waitForBatch(after position: Position) throws {
        let closed = EventKind(rawValue: FactKind.exportClosed.rawValue)
        try reader().follow(from: position.next, until: { false }) { view in
            view.header.kind == closed ? .stop : .next
        }
    }
}

/// A text with `${NAME}` in it for environment variables, so that secrets stay off the command
/// line, which others on the machine can read.
enum VariableText {
    static func expand(_ text: String) throws(CommandFailure) -> String {
        try expand(text) { value, _ in value }
    }

    /// What stands behind `://` is one part of the address, whatever characters it has (RFC 3986
    /// section 2.1).
    static func expandAddress(_ text: String) throws(CommandFailure) -> String {
        try expand(text) { value, before in
            before.contains("://") ? percentEncoded(value) : value
        }
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, byte in
            let character = Character(UnicodeScalar(byte))
            let isUnreserved = character.isASCII && (character.isLetter || character.isNumber)
            if isUnreserved || "-._~".contains(character) {
                encoded.append(character)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0" + digits : "%" + digits
            }
        }
    }

    private static func expand(
        _ text: String, _ insert: (_ value: String, _ before: String) -> String
    ) throws(CommandFailure) -> String {
        var expanded = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                throw .usage("'${' without '}'; write an environment variable as ${NAME}")
            }
            let name = String(rest[start.upperBound..<end])
            guard let value = getenv(name), value.pointee != 0 else {
                throw .usage("the environment variable \(name) is not set; set it first")
            }
            expanded += rest[..<start.lowerBound]
            expanded += insert(String(cString: value), expanded)
            rest = rest[rest.index(after: end)...]
        }
        return expanded + rest
    }
}
