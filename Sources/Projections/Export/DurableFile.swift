import Glibc

/// Files that are whole or not there.
enum DurableFile {
    /// Writes a temporary name, makes it durable, and gives it its name. The name itself is
    /// durable after ``syncDirectory(_:)``.
    static func replace(_ path: String, with bytes: [UInt8]) throws(ExportError) {
        let draft = try DraftFile(path + ".tmp")
        try draft.write(bytes)
        try draft.sync()
        try draft.rename(to: path)
    }

    static func syncDirectory(_ path: String) throws(ExportError) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .file(path: path, errno: errno) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .file(path: path, errno: errno) }
    }

    static func makeDirectory(_ path: String) throws(ExportError) {
        guard mkdir(path, 0o750) != 0, errno != EEXIST else { return }
        throw .file(path: path, errno: errno)
    }

    /// `nil` when there is no such file.
    static func read(_ path: String) throws(ExportError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .file(path: path, errno: errno)
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .file(path: path, errno: errno) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}

/// A file under a temporary name, which replaces what was left there.
final class DraftFile {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(ExportError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .file(path: path, errno: errno) }
    }

    deinit {
        // A failed close after a successful fsync loses nothing.
        if descriptor >= 0 { close(descriptor) }
    }

    func write(_ bytes: [UInt8]) throws(ExportError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .file(path: path, errno: errno) }
            done += count
        }
    }

    /// Makes what was written durable.
    func sync() throws(ExportError) {
        guard fsync(descriptor) == 0 else { throw .file(path: path, errno: errno) }
    }

    /// Gives it its name.
    func rename(to name: String) throws(ExportError) {
        guard Glibc.rename(path, name) == 0 else { throw .file(path: name, errno: errno) }
    }
}
