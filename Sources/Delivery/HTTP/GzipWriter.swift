internal import CZlib

/// Compresses what it is given, piece by piece, in the gzip format (RFC 1952): the same pieces
/// always make the same bytes, since its header names no time.
@safe  // zlib's stream has an address of its own, which it keeps from init to deinit
struct GzipWriter: ~Copyable {
    private var bytes: [UInt8] = []
    private let stream: UnsafeMutablePointer<z_stream>
    private var room = [UInt8](repeating: 0, count: 1 << 16)

    /// zlib.h, deflateInit2: 15 bits of window, and 16 for gzip's header.
    private static let windowBits: Int32 = 15 + 16
    private static let memoryLevel: Int32 = 8

    init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let code = unsafe deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, Self.windowBits, Self.memoryLevel,
            Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK, "zlib has no memory, or is another version's")
    }

    deinit {
        _ = unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    mutating func append(_ piece: [UInt8]) { run(piece, Z_NO_FLUSH) }

    /// The whole compressed text. Nothing can be appended afterwards.
    mutating func finish() -> [UInt8] {
        run([], Z_FINISH)
        return bytes
    }

    private mutating func run(_ piece: [UInt8], _ flush: Int32) {
        // zlib reads the piece only, though its interface does not say so.
        var piece = piece
        let count = piece.count
        unsafe piece.withUnsafeMutableBufferPointer { input in
            unsafe stream.pointee.next_in = input.baseAddress
            unsafe stream.pointee.avail_in = UInt32(count)
            var isFull = true
            while isFull {
                let written = unsafe room.withUnsafeMutableBufferPointer { output in
                    unsafe stream.pointee.next_out = output.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(output.count)
                    let code = unsafe deflate(stream, flush)
                    precondition(code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR)
                    return unsafe output.count - Int(stream.pointee.avail_out)
                }
                bytes.append(contentsOf: room[..<written])
                // zlib.h: room that was left over says that it has no more to give.
                isFull = written == room.count
            }
        }
    }
}
