import Glibc

/// The lines of a file that may be larger than memory, one after the other.
struct LineReader {
    /// The longest line that an export has: an event of the largest payload, and its fact.
    private static let lineBytesMax = 32 << 20

    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    /// How many lines were handed out.
    private(set) var count = 0
    private(set) var bytesRead: UInt64 = 0
    /// `nil` where the end is not known: a pipe.
    let byteCount: UInt64?

    /// `-` is standard input. The file stays open until the process ends.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .inputOutput, "\(path): \(String(cString: strerror(errno))); check the path")
        }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        byteCount = isFile ? UInt64(status.st_size) : nil
    }

    /// Without its newline; `nil` at the end.
    mutating func next() throws(CommandFailure) -> [UInt8]? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                count += 1
                return Array(buffer[start..<end])
            }
            if isAtEnd {
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                count += 1
                return Array(buffer[start...])
            }
            guard buffer.count - start <= Self.lineBytesMax else {
                throw CommandFailure(
                    .badInput, "\(path): line \(count + 1) is too long; export the ledger again")
            }
            buffer.removeFirst(start)
            start = 0
            searched = buffer.count
            try fill()
        }
    }

    private mutating func fill() throws(CommandFailure) {
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        var got = read(descriptor, &chunk, chunk.count)
        while got < 0, errno == EINTR { got = read(descriptor, &chunk, chunk.count) }
        guard got >= 0 else {
            throw CommandFailure(
                .inputOutput, "\(path): \(String(cString: strerror(errno))); check the disk")
        }
        isAtEnd = got == 0
        bytesRead += UInt64(got)
        buffer.append(contentsOf: chunk[..<got])
    }
}
