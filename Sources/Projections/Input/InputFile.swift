import Glibc

/// A file that is read once from its beginning to its end.
public struct InputFile: Sendable {
    static let chunkBytes = 1 << 20

    public let path: String

    public init(path: String) {
        self.path = path
    }

    /// Hands out the bytes, a chunk at a time.
    public func forEachChunk(
        _ body: ([UInt8]) throws(InputProblem) -> Void
    ) throws(InputError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .unreadable(path: path, errno: errno) }
        defer { close(file) }
        var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
        var isFirst = true
        while true {
            let count = chunk.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if count == 0 { return }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unreadable(path: path, errno: errno) }
            if isFirst, let format = ForeignFormat(chunk[..<count]) {
                throw .invalid([InputProblem(file: path, line: 1, column: 1, format.advice)])
            }
            isFirst = false
            do throws(InputProblem) {
                try body(count == chunk.count ? chunk : Array(chunk[..<count]))
            } catch {
                throw .invalid([error])
            }
        }
    }

    public func bytes() throws(InputError) -> [UInt8] {
        var all: [UInt8] = []
        try forEachChunk { (chunk) throws(InputProblem) in all.append(contentsOf: chunk) }
        return all
    }

    /// Hands out the file's records, in bounded memory.
    public func forEachRecord(
        delimiter: UInt8 = UInt8(ascii: ","),
        _ body: (borrowing CSVRecord) throws(InputProblem) -> Void
    ) throws(InputError) {
        var parser = CSVParser(file: path, delimiter: delimiter)
        try forEachChunk { (chunk) throws(InputProblem) in try parser.consume(chunk, body) }
        do throws(InputProblem) {
            try parser.finish(body)
        } catch {
            throw .invalid([error])
        }
    }
}
