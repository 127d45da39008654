internal import CLMDB
internal import Glibc

/// Disk space kept back for appends that must land on a full disk: ends and releases.
///
///     held --(release)--> spent --(restore, when there is space again)--> held
///     absent: the caller wants none, or the file system cannot keep any
struct ReserveFile {
    enum State {
        case absent
        case held
        /// Given up. Ordinary appends are refused until it is back, so that they do not take
        /// what was kept for others.
        case spent(retryAt: UInt64)
    }

    private let path: String
    private let byteCount: Int
    private(set) var state: State = .absent

    /// `now` is a monotonic time in nanoseconds.
    init(_ path: String, byteCount: Int, now: UInt64) throws(LedgerError) {
        self.path = path
        self.byteCount = byteCount
        if byteCount > 0 { try allocate(now: now) }
    }

    /// Gives the space up; false when there is none to give.
    mutating func release(now: UInt64) -> Bool {
        guard case .held = state else { return false }
        // Blocks beyond a file's end are only sure to be freed with the file.
        unsafe unlink(path)
        state = .spent(retryAt: now + LedgerLimits.reserveRetryNanoseconds)
        return true
    }

    /// Whether ordinary appends may go on; tries now and then to get a spent reserve back.
    mutating func isWhole(now: UInt64) -> Bool {
        guard case .spent(let retryAt) = state else { return true }
        guard now >= retryAt else { return false }
        // What cannot be allocated now stays spent, and is tried again later.
        try? allocate(now: now)
        if case .spent = state { return false }
        return true
    }

    private mutating func allocate(now: UInt64) throws(LedgerError) {
        // The path lives during the call.
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            guard errno == ENOSPC else { throw .system(errno, path) }
            state = .spent(retryAt: now + LedgerLimits.reserveRetryNanoseconds)
            return
        }
        defer { close(descriptor) }
        if reserve_file_space(descriptor, Int64(byteCount)) == 0 {
            state = .held
            return
        }
        let code = errno
        // Half a reserve would take space and promise nothing.
        unsafe unlink(path)
        switch code {
        case EOPNOTSUPP, ENOSYS: state = .absent
        case ENOSPC, EDQUOT:
            state = .spent(retryAt: now + LedgerLimits.reserveRetryNanoseconds)
        default: throw .system(code, path)
        }
    }
}
