/// Where everything lies in a frame; `OnDiskFormat.md` is the same table in prose.
///
///     header (128) | records (32 each) | checksum of both (8) | payloads
///     header (136) | records | stamps (24 each) | checksum of the three | payloads
///
/// The second form, version 2, is that of frames with stamped batches.
enum FrameLayout {
    /// "TLFR", read as a little-endian word.
    static let magic: UInt32 = 0x5246_4C54
    static let version: UInt16 = 1
    static let stampedVersion: UInt16 = 2

    static let stampBytes = 24
    /// Of a frame without stamps.
    static let headerBytes = 128
    static let stampedHeaderBytes = 136
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
        /// In version 2 only.
        static let stampCount = 128
    }

    /// One stamped batch of the frame.
    enum Stamp {
        static let producer = 0
        static let sequence = 8
        static let firstIndex = 16
        static let count = 20
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

    static func headerBytes(stamps: Int) -> Int {
        stamps > 0 ? stampedHeaderBytes : headerBytes
    }

    static func stampsOffset(count: Int, stamps: Int) -> Int {
        headerBytes(stamps: stamps) + recordBytes * count
    }

    static func checksumOffset(count: Int, stamps: Int = 0) -> Int {
        stampsOffset(count: count, stamps: stamps) + stampBytes * stamps
    }

    static func payloadsOffset(count: Int, stamps: Int = 0) -> Int {
        checksumOffset(count: count, stamps: stamps) + checksumBytes
    }

    static func frameBytes(count: Int, payloadBytes: Int, stamps: Int = 0) -> Int {
        payloadsOffset(count: count, stamps: stamps) + payloadBytes
    }

    /// The key that a frame is filed under: its first position, big-endian, so that LMDB's
    /// bytewise order is the order of positions.
    static func key(_ first: Position) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: first.rawValue >> UInt64(56 - 8 * $0)) }
    }
}
