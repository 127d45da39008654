internal import Glibc

/// How much room a file system has left for us.
enum FreeSpace {
    static func bytes(at path: String) -> Int {
        var status = statvfs()
        // statvfs fills the struct; where it cannot, nothing is known to be free.
        guard unsafe statvfs(path, &status) == 0 else { return 0 }
        return Int(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    }
}
