internal import Glibc

/// How many files, connections included, this process may have open.
enum OpenFiles {
    /// Takes what the administrator allows (getrlimit(2): a process may raise its soft limit up to
    /// the hard one), and answers how many that is. The usual soft limit, 1,024, is less than the
    /// connections that one listener may hold.
    @discardableResult
    static func raiseLimit() -> UInt64 {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        let isRaised = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0
        return UInt64(isRaised ? raised.rlim_cur : limit.rlim_cur)
    }
}
