import TrunkEvents

/// Stands in a table for the bytes that something is found by, so that to find it again takes the
/// time and the room of a number.
///
/// 64 bits of SipHash under a key that only this process knows (Swift's `Hasher`): nobody can make
/// two that agree, and by chance two of a hundred thousand do so in one process of billions.
struct Fingerprint: Hashable, Sendable {
    private let bits: Int

    init(_ feed: (inout Hasher) -> Void) {
        var hasher = Hasher()
        feed(&hasher)
        bits = hasher.finalize()
    }

    init(of key: some Hashable) {
        bits = key.hashValue
    }

    init(of bytes: Bytes) {
        self.init { $0.combine(bytes: bytes) }
    }
}

extension Hasher {
    /// The bytes and their count, in one piece.
    mutating func combine(bytes: Bytes) {
        combine(bytes.count)
        // The buffer is read only while the closure runs.
        unsafe bytes.withUnsafeBytes { unsafe combine(bytes: $0) }
    }
}
