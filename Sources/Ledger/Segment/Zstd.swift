internal import CZstd

/// Compresses one block at a time. Its context is owned: made once, freed in deinit.
@safe  // the handle is private: no safe call can use it after its end
struct ZstdCompressor: ~Copyable {
    /// Negative levels leave literals as they are (zstd.h on `ZSTD_c_literalCompressionMode`).
    /// A block is small, so that to build its Huffman table takes as long as all else: it is read
    /// in half the time, and takes a third more bytes.
    private static let level: Int32 = -1
    private let context: OpaquePointer

    init() {
        // Only out of memory makes this nil.
        guard let made = unsafe ZSTD_createCCtx() else { preconditionFailure("memory for zstd") }
        unsafe context = made
    }

    deinit {
        // Made in init, and freed once.
        unsafe ZSTD_freeCCtx(context)
    }

    func compress(_ bytes: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { room, count in
            // Both buffers live during the call, and zstd writes at most `bound` bytes.
            count = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compressCCtx(
                    context, room.baseAddress, bound, source.baseAddress, source.count,
                    Self.level)
            }
            precondition(ZSTD_isError(count) == 0, "room for the worst case was given")
        }
    }
}

/// Decompresses one block at a time; any bytes may be handed to it.
@safe  // the handle is private: no safe call can use it after its end
struct ZstdDecompressor: ~Copyable {
    private let context: OpaquePointer
    /// Contexts that nobody uses: to make one takes as long as to decompress a block.
    private static let spare = Gated<[UInt]>([])
    private static let spareMax = 16

    init() {
        let address = Self.spare.withLock { $0.popLast() } ?? 0
        // Only out of memory makes this nil. A spare one was put there by deinit, and taken once.
        guard let made = unsafe OpaquePointer(bitPattern: address) ?? ZSTD_createDCtx() else {
            preconditionFailure("memory for zstd")
        }
        unsafe context = made
    }

    deinit {
        let address = unsafe UInt(bitPattern: context)
        let isKept = Self.spare.withLock { spare in
            guard spare.count < Self.spareMax else { return false }
            spare.append(address)
            return true
        }
        // Made in init, and freed once: only here is it no longer used.
        if !isKept { unsafe ZSTD_freeDCtx(context) }
    }

    /// Fills the first `count` bytes of `room`, which grows where it must.
    func decompress(
        _ bytes: RawSpan, into room: inout [UInt8], count: Int
    ) throws(Corruption) {
        if room.count < count { room = [UInt8](repeating: 0, count: count) }
        // Both buffers live during the call, and zstd writes at most `count` bytes.
        let written = unsafe room.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_decompressDCtx(
                    context, target.baseAddress, count, source.baseAddress, source.count)
            }
        }
        guard ZSTD_isError(written) == 0, written == count else { throw .segment(.payload) }
    }
}
