internal import CNettle

/// SHA-256 (FIPS 180-4) by libnettle, whose state lies in the caller's memory: a hash takes no
/// block of the heap, and half the time that one through an object takes.
struct SHA256 {
    /// A digest as it lies: four little-endian words.
    typealias Digest = Link.InlineWords

    private var context = sha256_ctx()

    init() {
        // The state is written during the call only, as in the calls below.
        unsafe nettle_sha256_init(&context)
    }

    static func hash(_ bytes: RawSpan) -> Digest {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finish()
    }

    static func hash(_ bytes: [UInt8]) -> Digest {
        // UInt8 has no padding whose bytes could be uninitialised.
        unsafe hash(bytes.span.bytes)
    }

    mutating func update(_ bytes: RawSpan) {
        // Read during the call only.
        unsafe bytes.withUnsafeBytes {
            unsafe nettle_sha256_update(
                &context, $0.count, $0.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
    }

    mutating func update(_ bytes: [UInt8]) {
        // UInt8 has no padding whose bytes could be uninitialised.
        unsafe update(bytes.span.bytes)
    }

    /// The digest of what was given; then begins anew.
    mutating func finish() -> Digest {
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var room = digest.mutableSpan
        // 32 bytes are asked for, which the room has.
        unsafe room.withUnsafeMutableBufferPointer {
            unsafe nettle_sha256_digest(&context, $0.count, $0.baseAddress)
        }
        // UInt8 has no padding whose bytes could be uninitialised.
        return unsafe Digest(digest.span.bytes)
    }
}
