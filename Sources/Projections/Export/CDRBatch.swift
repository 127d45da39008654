public import TrunkEvents

/// The rows of one batch, written out. Nothing but the rows and the plan shapes the bytes.
public struct CDRBatch: Hashable, Sendable {
    public let manifest: ExportManifest
    public let contents: [UInt8]

    /// What a batch is made of besides its rows.
    public struct Plan: Hashable, Sendable {
        public var node: ShortName
        public var sequence: UInt64
        public var format: ExportFormat
        public var firstPosition: UInt64
        public var lastPosition: UInt64
        public var completeUntil: WallInstant
        public var previousSHA256: Digest?

        public init(
            node: ShortName, sequence: UInt64, format: ExportFormat, firstPosition: UInt64,
            lastPosition: UInt64, completeUntil: WallInstant, previousSHA256: Digest?
        ) {
            self.node = node
            self.sequence = sequence
            self.format = format
            self.firstPosition = firstPosition
            self.lastPosition = lastPosition
            self.completeUntil = completeUntil
            self.previousSHA256 = previousSHA256
        }

        /// The plan of a batch that was made before.
        public init(_ manifest: ExportManifest) {
            self.init(
                node: manifest.node, sequence: manifest.sequence, format: manifest.format,
                firstPosition: manifest.firstPosition, lastPosition: manifest.lastPosition,
                completeUntil: manifest.completeUntil, previousSHA256: manifest.previousSHA256)
        }
    }

    /// - Parameter rows: every row that events of the plan's range closed, in their order.
    public init(_ plan: Plan, rows: [CDRRow]) {
        contents = Self.contents(plan.format, rows)
        manifest = ExportManifest(
            node: plan.node, sequence: plan.sequence, format: plan.format,
            firstPosition: plan.firstPosition, lastPosition: plan.lastPosition,
            rowCount: UInt32(rows.count),
            talkMilliseconds: rows.reduce(0) { $0 &+ $1.talkMilliseconds },
            completeUntil: plan.completeUntil, sha256: Digest(of: contents),
            previousSHA256: plan.previousSHA256)
    }

    private static func contents(_ format: ExportFormat, _ rows: [CDRRow]) -> [UInt8] {
        switch format {
        case .csv:
            var csv = CSVWriter()
            CDRRow.writeHeader(to: &csv)
            for row in rows { row.write(to: &csv) }
            return csv.bytes
        case .ndjson: return lines(rows) { $0.write(to: &$1) }
        case .asterisk: return table(rows) { AsteriskCDR.write($0, to: &$1) }
        case .freeswitch: return table(rows) { FreeSWITCHCDR.write($0, to: &$1) }
        case .cgratesCSV: return table(rows) { CGRateSCDR($0).write(to: &$1) }
        case .cgratesJSON: return lines(rows) { CGRateSCDR($0).write(to: &$1) }
        case .vicidial:
            var csv = CSVWriter()
            VICIdialCarrierLog.writeHeader(to: &csv)
            for row in rows { VICIdialCarrierLog.write(row, to: &csv) }
            return csv.bytes
        }
    }

    /// CSV as other systems write it: no header, and a line feed after each row.
    private static func table(
        _ rows: [CDRRow], write: (CDRRow, inout CSVWriter) -> Void
    ) -> [UInt8] {
        var csv = CSVWriter(lineEnd: .lf)
        for row in rows { write(row, &csv) }
        return csv.bytes
    }

    /// One JSON object a line.
    private static func lines(
        _ rows: [CDRRow], write: (CDRRow, inout JSONWriter) -> Void
    ) -> [UInt8] {
        var json = JSONWriter()
        for row in rows {
            write(row, &json)
            json.endLine()
        }
        return json.bytes
    }
}
