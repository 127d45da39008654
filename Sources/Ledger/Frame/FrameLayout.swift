/// Where everything lies in a frame; `OnDiskFormat.md` is the same table in prose.
///
///     header (128) | records (32 each) | checksum of both (8) | payloads
enum FrameLayout {
    /// "TLFR", read as a little-endian word.
    static let magic: UInt32 = 0x5246_4C54
    static let version: UInt16 = 1

    static let headerBytes = 128
    static let recordBytes = 32
    static let checksumBytes = 8

    enum Header {
        static let magic = 0
        static let version = 4
        static let headerBytes = 6
        static let first = 8
        static let count = 16
        static let payloadBytes = 20
        static let bootHigh = 24
        static let bootLow = 32
        static let producer = 40
        static let producerSequence = 48
        static let previousLink = 56
        static let link = 88
        static let payloadChecksum = 120
    }

    enum Record {
        static let kind = 0
        static let schemaVersion = 2
        static let payloadEnd = 4
        static let stream = 8
        static let wallTime = 16
        static let monotonicTime = 24
    }

    /// The writer itself; other producers get numbers of their own.
    static let writerProducer: UInt64 = 0

    static func checksumOffset(count: Int) -> Int { headerBytes + recordBytes * count }

    static func payloadsOffset(count: Int) -> Int { checksumOffset(count: count) + checksumBytes }

    static func frameBytes(count: Int, payloadBytes: Int) -> Int {
        payloadsOffset(count: count) + payloadBytes
    }

    /// The key that a frame is filed under: its first position, big-endian, so that LMDB's
    /// bytewise order is the order of positions.
    static func key(_ first: Position) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: first.rawValue >> UInt64(56 - 8 * $0)) }
    }
}
