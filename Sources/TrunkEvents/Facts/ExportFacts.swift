// Facts about CDR exports.

/// A batch file is complete on disk. Positions bound the log range it was cut from.
public struct ExportClosed: Fact {
    public static let kind = FactKind.exportClosed
    public static let version: UInt8 = 1

    public var sequence: UInt64
    public var firstPosition: UInt64
    public var lastPosition: UInt64
    public var rowCount: UInt32
    public var talkMilliseconds: Int64
    public var completeUntil: WallInstant
    public var fileName: Octets
    public var sha256: Octets
    public var previousSHA256: Octets

    public init(
        sequence: UInt64, firstPosition: UInt64, lastPosition: UInt64, rowCount: UInt32,
        talkMilliseconds: Int64, completeUntil: WallInstant, fileName: Octets, sha256: Octets,
        previousSHA256: Octets
    ) {
        self.sequence = sequence
        self.firstPosition = firstPosition
        self.lastPosition = lastPosition
        self.rowCount = rowCount
        self.talkMilliseconds = talkMilliseconds
        self.completeUntil = completeUntil
        self.fileName = fileName
        self.sha256 = sha256
        self.previousSHA256 = previousSHA256
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        sequence = try decoder.read()
        firstPosition = try decoder.read()
        lastPosition = try decoder.read()
        rowCount = try decoder.read()
        talkMilliseconds = try decoder.read()
        completeUntil = try decoder.read()
        fileName = try decoder.read()
        sha256 = try decoder.read()
        previousSHA256 = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("sequence", sequence)
        visitor.field("first_position", firstPosition)
        visitor.field("last_position", lastPosition)
        visitor.field("row_count", rowCount)
        visitor.field("talk_milliseconds", talkMilliseconds)
        visitor.field("complete_until", completeUntil)
        visitor.field("file_name", fileName)
        visitor.field("sha256", sha256)
        visitor.field("previous_sha256", previousSHA256)
    }

    public var stream: FactStream { .node }
}
