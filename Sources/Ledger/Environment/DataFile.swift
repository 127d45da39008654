internal import Glibc

/// Looks at a data file before liblmdb does: it opens what it is given without measuring it, and
/// makes a new environment of an empty file without asking.
enum DataFile {
    static let name = "data.mdb"

    /// The newer meta page, or `nil` when there is no file yet, or an empty one.
    static func inspect(_ directory: String) throws(LedgerError) -> MetaPage? {
        let path = "\(directory)/\(name)"
        // The path lives during the call.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw .system(errno, path)
        }
        defer { close(descriptor) }
        let size = try length(of: descriptor, path)
        if size == 0 { return nil }
        let head = try read(min(size, 2 * 32_768), from: descriptor, path)
        do throws(Corruption) {
            // UInt8 has no padding whose bytes could be uninitialised.
            let metas = unsafe try MetaPage.both(head.span.bytes)
            // Measured anew: a writer may have made the file longer before it wrote that meta
            // page, but never after it.
            guard metas.newer.fileBytes <= (try? length(of: descriptor, path)) ?? size else {
                throw .page(metas.newer.lastPage, .outOfFile)
            }
            return metas.newer
        } catch {
            throw .corrupt(.zero, error, in: path)
        }
    }

    /// Writes the newer meta page as it is once more, through to the disk. Only between commits.
    static func rewriteMeta(in directory: String) throws(LedgerError) {
        let path = "\(directory)/\(name)"
        // The path lives during the call.
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_DSYNC | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, path) }
        defer { close(descriptor) }
        let size = try length(of: descriptor, path)
        let head = try read(min(size, 2 * 32_768), from: descriptor, path)
        let meta: MetaPage
        do throws(Corruption) {
            // UInt8 has no padding whose bytes could be uninitialised.
            meta = unsafe try MetaPage.both(head.span.bytes).newer
        } catch {
            throw .corrupt(.zero, error, in: path)
        }
        let start = Int(meta.commit & 1) * meta.pageBytes
        // The range lies inside both meta pages, which were just read.
        let written = unsafe head[start..<start + MetaPage.byteCount].withUnsafeBytes {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(start))
        }
        guard written == MetaPage.byteCount else { throw .system(written < 0 ? errno : EIO, path) }
    }

    /// How long the data file in `directory` is.
    static func byteCount(_ directory: String) throws(LedgerError) -> UInt64 {
        let path = "\(directory)/\(name)"
        var status = stat()
        // stat fills the struct or says why not.
        guard unsafe stat(path, &status) == 0 else { throw .system(errno, path) }
        return UInt64(status.st_size)
    }

    /// Forces what is in the page cache of the data file in `directory` to the disk, also for who
    /// may only read it.
    static func flush(_ directory: String) throws(LedgerError) {
        let path = "\(directory)/\(name)"
        // The path lives during the call.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, path) }
        defer { close(descriptor) }
        guard fdatasync(descriptor) == 0 else { throw .system(errno, path) }
    }

    private static func length(
        of descriptor: Int32, _ path: String
    ) throws(LedgerError) -> Int {
        var status = stat()
        // fstat fills the struct or says why not.
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system(errno, path) }
        return Int(status.st_size)
    }

    /// Both meta pages, whatever the page size.
    private static func read(
        _ count: Int, from descriptor: Int32, _ path: String
    ) throws(LedgerError) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: count)
        // pread writes at most as many bytes as the array has.
        let read = unsafe head.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
        }
        guard read == head.count else { throw .system(read < 0 ? errno : EIO, path) }
        return head
    }
}
