public import TrunkEvents

/// How a batch's rows are written.
public enum ExportFormat: String, Hashable, Sendable, CaseIterable {
    case csv
    /// One JSON object a line.
    case ndjson
    /// Asterisk's `Master.csv`.
    case asterisk
    /// FreeSWITCH's `cdr_csv`.
    case freeswitch
    case cgratesCSV = "cgrates-csv"
    case cgratesJSON = "cgrates-json"
    /// VICIdial's carrier log.
    case vicidial

    /// Whether a correction is a row beside the row that it corrects.
    var hasRevisions: Bool {
        switch self {
        case .csv, .ndjson: true
        case .asterisk, .freeswitch, .cgratesCSV, .cgratesJSON, .vicidial: false
        }
    }

    /// What the file's name ends in.
    public var fileExtension: String {
        switch self {
        case .csv, .asterisk, .freeswitch, .cgratesCSV, .vicidial: "csv"
        case .ndjson, .cgratesJSON: "ndjson"
        }
    }
}

/// What a batch file holds. Written before the file itself: a manifest without its file is a
/// batch that a crash cut short, and says all that is needed to make it again.
public struct ExportManifest: Hashable, Sendable {
    public var node: ShortName
    /// Counts from 1 and never starts over.
    public var sequence: UInt64
    public var format: ExportFormat
    /// The batch holds every CDR that an event of this range closed.
    public var firstPosition: UInt64
    public var lastPosition: UInt64
    public var rowCount: UInt32
    public var talkMilliseconds: Int64
    /// Every call that started before this instant is told in full by this batch and the earlier.
    public var completeUntil: WallInstant
    public var sha256: Digest
    /// The file of the batch before; `nil` for the first.
    public var previousSHA256: Digest?

    public var fileName: String { "\(stem).\(format.fileExtension)" }
    public var manifestName: String { "\(stem).manifest.json" }

    private var stem: String { Self.stem(node: node, sequence: sequence) }

    static func stem(node: ShortName, sequence: UInt64) -> String {
        let digits = String(sequence)
        let padded = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        return "\(fileSafe(node))-cdr-\(padded)"
    }

    static func manifestName(node: ShortName, sequence: UInt64) -> String {
        stem(node: node, sequence: sequence) + ".manifest.json"
    }

    /// A node's name may hold what a file's must not.
    private static func fileSafe(_ node: ShortName) -> String {
        let isSafe = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_")
        }
        return String(
            decoding: node.bytes.map { isSafe($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }

    /// The fact to record once the file is in its place.
    public var closed: ExportClosed {
        ExportClosed(
            sequence: sequence, firstPosition: firstPosition, lastPosition: lastPosition,
            rowCount: rowCount, talkMilliseconds: talkMilliseconds, completeUntil: completeUntil,
            fileName: Octets(fileName), sha256: Octets(sha256.bytes),
            previousSHA256: Octets(previousSHA256?.bytes ?? []))
    }
}

extension ExportManifest {
    static let schema = "trunkledger-cdr/1"

    /// One JSON object and a line end. No clock has a part in it.
    public var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("schema")
        json.string(Self.schema)
        json.key("node")
        json.string(node.description)
        json.key("sequence")
        json.integer(sequence)
        json.key("file")
        json.string(fileName)
        json.key("format")
        json.string(format.rawValue)
        json.key("first_position")
        json.integer(firstPosition)
        json.key("last_position")
        json.integer(lastPosition)
        json.key("count")
        json.integer(rowCount)
        json.key("talk_ms")
        json.integer(talkMilliseconds)
        json.key("complete_until_ns")
        json.integer(completeUntil.nanoseconds)
        json.key("complete_until")
        json.string(completeUntil.utcText)
        json.key("sha256")
        json.string(sha256.description)
        json.key("previous_sha256")
        if let previousSHA256 { json.string(previousSHA256.description) } else { json.null() }
        json.endObject()
        json.endLine()
        return json.bytes
    }

    /// Reads back what ``json`` writes; `nil` for anything else.
    public init?(json bytes: [UInt8]) {
        guard let fields = FlatJSON(bytes)?.members,
            fields["schema"] == .string(Self.schema),
            let node = fields["node"]?.text.flatMap({ ShortName($0) }),
            let sequence = fields["sequence"]?.integer.flatMap({ UInt64(exactly: $0) }),
            let format = fields["format"]?.text.flatMap({ ExportFormat(rawValue: $0) }),
            let first = fields["first_position"]?.integer.flatMap({ UInt64(exactly: $0) }),
            let last = fields["last_position"]?.integer.flatMap({ UInt64(exactly: $0) }),
            let count = fields["count"]?.integer.flatMap({ UInt32(exactly: $0) }),
            let talk = fields["talk_ms"]?.integer,
            let until = fields["complete_until_ns"]?.integer,
            let sha256 = fields["sha256"]?.text.flatMap({ Digest($0) })
        else { return nil }
        self.node = node
        self.sequence = sequence
        self.format = format
        firstPosition = first
        lastPosition = last
        rowCount = count
        talkMilliseconds = talk
        completeUntil = WallInstant(nanoseconds: until)
        self.sha256 = sha256
        previousSHA256 = fields["previous_sha256"]?.text.flatMap { Digest($0) }
        guard self.json == bytes else { return nil }
    }
}
