internal import Glibc

/// The right to write a ledger: an flock(2) on a file of our own, with the holder's name in it.
///
/// The kernel gives it back when the holder dies, however it dies. LMDB's own lock would make a
/// second writer wait without a word.
struct WriterLock: ~Copyable {
    private let descriptor: Int32

    init(_ path: String) throws(LedgerError) {
        // The path lives during the call; O_CLOEXEC keeps the lock from children.
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(errno, path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw code == EWOULDBLOCK ? .locked(path, holder: holder) : .system(code, path)
        }
        Self.sign(descriptor)
        self.descriptor = descriptor
    }

    deinit {
        // The name must not outlive the hold. A failure leaves a stale name and no lock.
        _ = ftruncate(descriptor, 0)
        // Said, and not left to close(2): a child that another thread is just starting shares
        // the descriptor until it executes its program.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Gives the lock back: says in the caller's code what the end of a scope would do unseen.
    consuming func release() {}

    /// The name is for people: a disk too full to hold it does not stop the writer.
    private static func sign(_ descriptor: Int32) {
        _ = ftruncate(descriptor, 0)
        let name = Array("\(getpid()) \(hostName())\n".utf8)
        // pwrite reads the array during the call only.
        _ = unsafe name.withUnsafeBytes {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0)
        }
    }

    private static func holder(_ descriptor: Int32) -> LockHolder {
        var bytes = [UInt8](repeating: 0, count: 512)
        // pread writes at most as many bytes as the array has.
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
        }
        let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\n" })
        return LockHolder(
            pid: words.first.flatMap { Int32($0) },
            host: words.count > 1 ? String(words[1]) : "an unknown host")
    }

    private static func hostName() -> String {
        var bytes = [CChar](repeating: 0, count: 256)
        // One byte is kept back, so that the name ends with a zero even when it is cut.
        guard unsafe gethostname(&bytes, bytes.count - 1) == 0 else { return "localhost" }
        let name = bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: name, as: UTF8.self)
    }
}
