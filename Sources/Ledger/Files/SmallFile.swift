internal import Glibc

/// A file that is read and written as a whole.
enum SmallFile {
    /// What a file is called until it is whole.
    static func unfinished(_ path: String) -> String { path + ".new" }

    /// `nil` when there is no such file. Whatever its length: for files of our own making.
    static func read(_ path: String) throws(LedgerError) -> [UInt8]? {
        var status = stat()
        // stat fills the struct or says why not.
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw .system(errno, path)
        }
        return try read(path, limit: Int(status.st_size))
    }

    /// `nil` when there is no such file; a file longer than `limit` is refused.
    static func read(_ path: String, limit: Int) throws(LedgerError) -> [UInt8]? {
        // The path lives during the call.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system(errno, path)
        }
        defer { close(descriptor) }
        return try read(descriptor, path, limit: limit)
    }

    /// Reads an open file to its end.
    static func read(
        _ descriptor: Int32, _ path: String, limit: Int
    ) throws(LedgerError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var length = 0
        while length <= limit {
            // The kernel writes no more than what is left of the array.
            let count = unsafe bytes.withUnsafeMutableBytes { room in
                unsafe Glibc.read(descriptor, room.baseAddress! + length, room.count - length)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(errno, path) }
            if count == 0 { return Array(bytes[..<length]) }
            length += count
        }
        throw .tooLarge("the file \(path)", limit: limit)
    }

    /// Puts `bytes` in the place of whatever the file held, durably: a crash leaves the old file
    /// or the new one.
    static func replace(
        _ path: String, with bytes: [UInt8], mode: mode_t
    ) throws(LedgerError) {
        let unfinished = unfinished(path)
        // What a crash left of an earlier attempt.
        unsafe unlink(unfinished)
        try create(unfinished, with: bytes, mode: mode)
        // Both paths live during the call.
        guard unsafe rename(unfinished, path) == 0 else { throw .system(errno, path) }
        try syncDirectory(of: path)
    }

    /// Makes a file that must not exist yet, and forces it to the disk.
    static func create(
        _ path: String, with bytes: [UInt8], mode: mode_t
    ) throws(LedgerError) {
        // The path lives during the call.
        let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .system(errno, path) }
        defer { close(descriptor) }
        do throws(LedgerError) {
            try write(bytes, to: descriptor, path)
            guard fsync(descriptor) == 0 else { throw .system(errno, path) }
        } catch {
            // Half a file is none.
            unsafe unlink(path)
            throw error
        }
    }

    private static func write(
        _ bytes: [UInt8], to descriptor: Int32, _ path: String
    ) throws(LedgerError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // write(2) reads the slice during the call only.
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system(count < 0 ? errno : EIO, path) }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes the name of a file durable.
    static func syncDirectory(of path: String) throws(LedgerError) {
        try LedgerDirectory.sync(LedgerDirectory.parent(of: path))
    }
}
