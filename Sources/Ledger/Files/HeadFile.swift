internal import CLMDB
internal import Glibc

/// The mapped file by which the writer tells followers in every process that the log has grown,
/// and how far it has once been durable.
///
///     magic (8) | changes (4) | 0 (4) | ledger id (16) | position (8) | link (32) | checksum (8)
///
/// `changes` is a futex(2): the writer counts it up after each commit and wakes who waits on it.
@safe  // the pointer is private, and mapped while self lives
final class HeadFile: @unchecked Sendable {  // shared by design: atomics, and a checksum
    private static let byteCount = 4096
    private static let magic: UInt64 = 0x0144_4145_482D_4C54  // "TL-HEAD", 1
    private static let changes = 8
    private static let ledger = 16
    private static let position = 32
    private static let link = 40
    private static let checksum = 72

    private let base: UnsafeMutableRawPointer

    /// For the writer: makes the file when it is missing.
    init(writing path: String) throws(LedgerError) {
        // The path lives during the call.
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(errno, path) }
        defer { close(descriptor) }
        // Storing into a hole of a mapped file on a full disk would be a SIGBUS.
        let code = posix_fallocate(descriptor, 0, off_t(Self.byteCount))
        guard code == 0 else { throw .system(code, path) }
        unsafe base = try Self.map(descriptor, PROT_READ | PROT_WRITE, path)
        var room = unsafe MutableRawSpan(_unsafeStart: base, byteCount: Self.byteCount)
        room.store(Self.magic, at: 0)
    }

    /// For a follower: `nil` when there is no such file yet.
    init?(following path: String) throws(LedgerError) {
        // The path lives during the call.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system(errno, path)
        }
        defer { close(descriptor) }
        var status = stat()
        // fstat fills the struct or says why not.
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system(errno, path) }
        guard status.st_size >= off_t(Self.byteCount) else { return nil }
        unsafe base = try Self.map(descriptor, PROT_READ, path)
    }

    private static func map(
        _ descriptor: Int32, _ protection: Int32, _ path: String
    ) throws(LedgerError) -> UnsafeMutableRawPointer {
        // The file is at least this long, and nobody makes it shorter.
        let mapped = unsafe mmap(nil, byteCount, protection, MAP_SHARED, descriptor, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
            throw .system(errno, path)
        }
        return unsafe mapped
    }

    deinit {
        // The very range that init mapped.
        unsafe munmap(base, Self.byteCount)
    }

    private var word: UnsafeMutablePointer<UInt32> {
        // Four aligned bytes of the map that are only used as an atomic word.
        unsafe base.advanced(by: Self.changes).assumingMemoryBound(to: UInt32.self)
    }

    /// Counts commits; what to hand to `wait`.
    var changeCount: UInt32 {
        // An atomic load of a mapped word.
        unsafe shared_word_load(word)
    }

    /// Sleeps until the count is another one than `seen`, at most for the follower's bound.
    func wait(changedFrom seen: UInt32) {
        // futex(2) compares and sleeps in one step, so that no change in between is missed.
        unsafe shared_word_wait(word, seen, LedgerLimits.followWaitNanoseconds)
    }

    /// Says that `head` is durable. Only the writer calls this.
    func announce(_ head: LedgerHead) {
        // Readers may look at any moment: the checksum tells them whether they saw it whole.
        var room = unsafe MutableRawSpan(_unsafeStart: base, byteCount: Self.byteCount)
        room.store(head.ledger.high.byteSwapped, at: Self.ledger)
        room.store(head.ledger.low.byteSwapped, at: Self.ledger + 8)
        room.store(head.position.rawValue, at: Self.position)
        room.store(head.link, at: Self.link)
        let sum = XXH64.hash(room.bytes.extracting(Self.ledger..<Self.checksum))
        room.store(sum, at: Self.checksum)
        // Atomic, and after the stores above.
        unsafe shared_word_increment(word)
        unsafe shared_word_wake(word)
    }

    /// The last head announced; `nil` when there is none, or the file does not hold one.
    func announced() -> LedgerHead? {
        for _ in 0..<64 {
            // A copy first, because the writer may be changing the original.
            let copy = unsafe [UInt8](
                UnsafeRawBufferPointer(start: base, count: Self.checksum + 8))
            // UInt8 has no padding whose bytes could be uninitialised.
            let bytes = unsafe copy.span.bytes
            guard bytes.word(at: 0) == Self.magic else { return nil }
            let sum = XXH64.hash(bytes.extracting(Self.ledger..<Self.checksum))
            guard sum == bytes.word(at: Self.checksum) else { continue }
            return LedgerHead(
                ledger: LedgerID(
                    high: bytes.word(at: Self.ledger).byteSwapped,
                    low: bytes.word(at: Self.ledger + 8).byteSwapped),
                position: Position(rawValue: bytes.word(at: Self.position)),
                link: Link(bytes.extracting(droppingFirst: Self.link)))
        }
        return nil
    }
}
