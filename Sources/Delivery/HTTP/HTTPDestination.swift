public import Ledger
public import Projections
public import TrunkEvents

/// A web server that takes each batch as one POST of gzipped JSON lines.
///
/// A batch whose answer was lost is sent again with the same `Idempotency-Key`
/// (draft-ietf-httpapi-idempotency-key-header), by which the server knows it.
public struct HTTPDestination: CDRDestination {
    private let address: String
    /// Headers besides our own, `Name: value` each.
    private let headers: [String]
    private let timeout: Nanoseconds
    private var transfer: HTTPTransfer?

    /// Bytes of rows that are compressed at a time.
    private static let pieceBytes = 1 << 16

    public init(address: String, headers: [String] = [], timeout: Nanoseconds = .seconds(30)) {
        self.address = address
        self.headers = headers
        self.timeout = timeout
    }

    /// A server is not asked what it holds: the log says it.
    public mutating func lastDelivered(
        of ledger: LedgerID
    ) throws(DeliveryError) -> DeliveryMark? { nil }

    public mutating func deliver(
        _ batch: ClosedBatch, of source: BatchSource
    ) throws(DeliveryError) {
        let body = try Self.body(of: batch, source)
        let transfer = try connected()
        let answer = try transfer.post(
            body, to: address,
            headers: [
                "Content-Type: application/x-ndjson", "Content-Encoding: gzip",
                "Idempotency-Key: \"\(Self.key(of: batch, source))\"",
                "TrunkLedger-Sequence: \(batch.fact.sequence)",
                "TrunkLedger-Rows: \(batch.fact.rowCount)", "User-Agent: trunkledger",
                // Nothing to wait for: the body is small, and some servers never say 100.
                "Expect:",
            ] + headers)
        if let error = Self.error(of: answer) { throw error }
    }

    private mutating func connected() throws(DeliveryError) -> HTTPTransfer {
        if let transfer { return transfer }
        let made = try HTTPTransfer(timeout: timeout)
        transfer = made
        return made
    }

    /// The same for ever: a node's batches are numbered, and the ledger's id tells two ledgers of
    /// one node apart.
    private static func key(of batch: ClosedBatch, _ source: BatchSource) -> String {
        "\(source.ledger)-\(batch.fact.sequence)"
    }

    private static func body(
        of batch: ClosedBatch, _ source: BatchSource
    ) throws(DeliveryError) -> [UInt8] {
        var gzip = GzipWriter()
        var json = JSONWriter()
        let isRated = source.isRated(batch)
        // Rows come one at a time, so that only their compressed bytes are held.
        try source.forEachRow(of: batch) { row throws(DeliveryError) in
            row.write(to: &json, isRated: isRated)
            json.endLine()
            guard json.bytes.count >= pieceBytes else { return }
            gzip.append(json.bytes)
            json = JSONWriter()
        }
        gzip.append(json.bytes)
        return gzip.finish()
    }

    /// `nil` for an answer that says the batch is there (RFC 9110 section 15).
    static func error(of answer: HTTPTransfer.Answer) -> DeliveryError? {
        let asked = answer.retryAfter > 0 ? answer.retryAfter : nil
        return switch answer.status {
        case 200...299: nil
        // Not now: a timeout, too early, too many, a request with this key still in work (the
        // draft's section 2.7), and whatever is the server's own fault.
        case 408, 409, 425, 429, 500...599:
            .unavailable(cause: "the server answered \(answer.status)", retryAfter: asked)
        case 300...399:
            .refused(
                cause: "the server answered \(answer.status), a redirection; give the new address")
        default:
            .refused(cause: "the server answered \(answer.status); ask those who run it why")
        }
    }
}
