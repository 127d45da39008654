internal import Glibc

/// A read-only view of a whole data file and of what it will grow to.
///
/// The address space is mapped once, so that growth never moves what a reader looks at. Bytes
/// beyond the end of the file are never touched: that would be a SIGBUS.
@safe  // the handle is private and owned: no safe call can use it after its end
struct PageMap: ~Copyable {
    private let base: UnsafeRawPointer
    private let length: Int
    private let descriptor: Int32

    /// `descriptor` stays open for as long as the map lives.
    init(descriptor: Int32, length: Int) throws(DatabaseError) {
        // PROT_READ of a shared file: nothing can be written through it.
        let mapped = unsafe mmap(
            nil, length, PROT_READ, MAP_SHARED | MAP_NORESERVE, descriptor, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
            throw DatabaseError(code: errno)
        }
        unsafe base = UnsafeRawPointer(mapped)
        self.length = length
        self.descriptor = descriptor
    }

    deinit {
        // The very range that init mapped; the spans into it were scoped to borrows of self.
        unsafe munmap(UnsafeMutableRawPointer(mutating: base), length)
    }

    /// How much of the file there is to read, in bytes.
    func available() throws(DatabaseError) -> Int {
        var status = stat()
        // fstat fills the struct or says why not.
        guard unsafe fstat(descriptor, &status) == 0 else { throw DatabaseError(code: errno) }
        return min(Int(status.st_size), length)
    }

    /// The first `count` bytes, which `available` has just vouched for.
    @_lifetime(borrow self)
    func prefix(_ count: Int) -> RawSpan {
        precondition(count >= 0 && count <= length, "inside the map")
        // The range is mapped while self lives, and pages that a snapshot can reach do not change.
        let span = unsafe RawSpan(_unsafeStart: base, byteCount: count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }
}
