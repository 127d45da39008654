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

/// A destination holds every batch up to this one.
public struct ExportDelivered: Fact {
    public static let kind = FactKind.exportDelivered
    public static let version: UInt8 = 1

    public var sequence: UInt64
    /// The destination's name, without a secret.
    public var destination: Octets
    public var rowCount: UInt32
    /// How often it was tried, the successful time included.
    public var attempts: UInt32

    public init(sequence: UInt64, destination: Octets, rowCount: UInt32, attempts: UInt32) {
        self.sequence = sequence
        self.destination = destination
        self.rowCount = rowCount
        self.attempts = attempts
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        sequence = try decoder.read()
        destination = try decoder.read()
        rowCount = try decoder.read()
        attempts = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("sequence", sequence)
        visitor.field("destination", destination)
        visitor.field("row_count", rowCount)
        visitor.field("attempts", attempts)
    }

    public var stream: FactStream { .node }
}

/// A batch did not reach its destination. Told once, however often it is tried again.
public struct ExportFailed: Fact {
    public static let kind = FactKind.exportFailed
    public static let version: UInt8 = 1

    public var sequence: UInt64
    /// The destination's name, without a secret.
    public var destination: Octets
    public var cause: Octets

    public init(sequence: UInt64, destination: Octets, cause: Octets) {
        self.sequence = sequence
        self.destination = destination
        self.cause = cause
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        sequence = try decoder.read()
        destination = try decoder.read()
        cause = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("sequence", sequence)
        visitor.field("destination", destination)
        visitor.field("cause", cause)
    }

    public var stream: FactStream { .node }
}
