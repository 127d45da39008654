import Ledger
public import TrunkEvents

/// The rows of one batch, written out as they come. Nothing but the rows and the plan shapes the
/// bytes, and no more of them is held than was not taken yet.
public struct CDRBatch: Sendable {
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

        /// The part of the log whose records it holds; `nil` when nothing was written since the
        /// batch before.
        var positions: ClosedRange<Position>? {
            guard firstPosition <= lastPosition else { return nil }
            return Position(rawValue: firstPosition)...Position(rawValue: lastPosition)
        }

        /// The plan of a batch that was made before.
        public init(_ manifest: ExportManifest) {
            self.init(
                node: manifest.node, sequence: manifest.sequence, format: manifest.format,
                firstPosition: manifest.firstPosition, lastPosition: manifest.lastPosition,
                completeUntil: manifest.completeUntil, previousSHA256: manifest.previousSHA256)
        }
    }

    private let plan: Plan
    private var text: CDRBatchText
    private var digest = DigestBuilder()
    private var rowCount: UInt32 = 0
    private var talkMilliseconds: Int64 = 0

    /// - Parameter isRated: whether the records have prices.
    public init(_ plan: Plan, isRated: Bool) {
        self.plan = plan
        text = CDRBatchText(plan.format, isRated: isRated)
    }

    /// Adds the next record of the plan's range; see ``BatchRows``.
    public mutating func add(_ record: RatedCDR) {
        // What other systems read has neither revisions nor prices: a second row would be a
        // second call.
        guard plan.format.hasRevisions || record.row.revision == 1 else { return }
        rowCount += 1
        if record.row.revision == 1 { talkMilliseconds &+= record.row.talkMilliseconds }
        text.add(record)
    }

    /// Bytes that were not taken yet.
    public var waitingCount: Int { text.count }

    /// Hands out what was not taken yet of the file.
    public mutating func take() -> [UInt8] {
        let bytes = text.take()
        digest.append(bytes)
        return bytes
    }

    /// Of the bytes that were taken: call it once those are all.
    public func manifest() -> ExportManifest {
        precondition(waitingCount == 0, "a manifest is of the whole file")
        return ExportManifest(
            node: plan.node, sequence: plan.sequence, format: plan.format,
            firstPosition: plan.firstPosition, lastPosition: plan.lastPosition,
            rowCount: rowCount, talkMilliseconds: talkMilliseconds,
            completeUntil: plan.completeUntil, sha256: digest.finish(),
            previousSHA256: plan.previousSHA256)
    }
}

/// Rows in one of the formats.
private enum CDRBatchText: Sendable {
    case csv(CSVWriter, CSVTable)
    case json(JSONWriter, JSONLines)

    /// What stands in a row's columns.
    enum CSVTable { case canonical(isRated: Bool), asterisk, freeswitch, cgrates, vicidial }
    enum JSONLines { case canonical(isRated: Bool), cgrates }

    init(_ format: ExportFormat, isRated: Bool) {
        // CSV as other systems write it: no header, and a line feed after each row.
        let foreign = CSVWriter(lineEnd: .lf)
        switch format {
        case .csv:
            var csv = CSVWriter()
            RatedCDR.writeHeader(to: &csv, isRated: isRated)
            self = .csv(csv, .canonical(isRated: isRated))
        case .vicidial:
            var csv = CSVWriter()
            VICIdialCarrierLog.writeHeader(to: &csv)
            self = .csv(csv, .vicidial)
        case .asterisk: self = .csv(foreign, .asterisk)
        case .freeswitch: self = .csv(foreign, .freeswitch)
        case .cgratesCSV: self = .csv(foreign, .cgrates)
        case .ndjson: self = .json(JSONWriter(), .canonical(isRated: isRated))
        case .cgratesJSON: self = .json(JSONWriter(), .cgrates)
        }
    }

    var count: Int {
        switch self {
        case .csv(let csv, _): csv.bytes.count
        case .json(let json, _): json.bytes.count
        }
    }

    mutating func add(_ record: RatedCDR) {
        // Moved out and back, so that the writer's bytes have one owner and grow in place.
        switch consume self {
        case .csv(var csv, let table):
            switch table {
            case .canonical(let isRated): record.write(to: &csv, isRated: isRated)
            case .asterisk: AsteriskCDR.write(record.row, to: &csv)
            case .freeswitch: FreeSWITCHCDR.write(record.row, to: &csv)
            case .cgrates: CGRateSCDR(record.row).write(to: &csv)
            case .vicidial: VICIdialCarrierLog.write(record.row, to: &csv)
            }
            self = .csv(csv, table)
        case .json(var json, let lines):
            switch lines {
            case .canonical(let isRated): record.write(to: &json, isRated: isRated)
            case .cgrates: CGRateSCDR(record.row).write(to: &json)
            }
            json.endLine()
            self = .json(json, lines)
        }
    }

    mutating func take() -> [UInt8] {
        switch consume self {
        case .csv(var csv, let table):
            let bytes = csv.take()
            self = .csv(csv, table)
            return bytes
        case .json(var json, let lines):
            let bytes = json.take()
            self = .json(json, lines)
            return bytes
        }
    }
}
