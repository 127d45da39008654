internal import Glibc

/// A share in the one opening of an environment; the last one to go closes it.
final class EnvironmentLease: Sendable {
    let environment: SharedEnvironment

    /// lmdb.h, Caveats: closing one of two openings of the same file in a process drops the locks
    /// of both. So a process has one, found by the directory's identity whatever its path.
    fileprivate struct Opening: Sendable {
        let environment: SharedEnvironment
        var leases: Int
    }

    private static let openings = Gated<[FileIdentity: Opening]>([:])

    /// Opens the environment in `directory`, or shares this process's opening of it.
    init(
        _ directory: String, access: Environment.Access, mapBytes: Int
    ) throws(LedgerError) {
        let identity = try FileIdentity(directory)
        environment = try Self.openings.withLock { openings throws(LedgerError) in
            if let opening = openings[identity] {
                if access == .readWrite { try opening.environment.upgrade(mapBytes: mapBytes) }
                openings[identity]?.leases += 1
                return opening.environment
            }
            let environment = try SharedEnvironment(
                directory, access: access, mapBytes: mapBytes)
            openings[identity] = Opening(environment: environment, leases: 1)
            return environment
        }
    }

    /// Has `exchange` give the environment's name to the one in `directory`, which nobody has open.
    /// All who share the environment go along, once it is reopened; until then they read the old
    /// file.
    func takeOver(
        _ directory: String, _ exchange: () throws(LedgerError) -> Void
    ) throws(LedgerError) {
        // In one go, so that nobody opens the new file beside them meanwhile.
        try Self.openings.withLock { openings throws(LedgerError) in
            let identity = try FileIdentity(directory)
            precondition(openings[identity] == nil, "the file that takes over is not open")
            try exchange()
            guard let before = openings.key(of: environment) else { return }
            openings[identity] = openings.removeValue(forKey: before)
        }
    }

    /// Whether this is the environment that `directory` names now: a compaction exchanges it.
    func isNamed(_ directory: String) throws(LedgerError) -> Bool {
        let identity = try FileIdentity(directory)
        return Self.openings.withLock { $0[identity]?.environment === environment }
    }

    deinit {
        Self.openings.withLock { openings in
            guard let identity = openings.key(of: environment), var opening = openings[identity]
            else { return }
            opening.leases -= 1
            // Closed under the lock, so that nobody opens it again before it is closed.
            if opening.leases == 0 { opening.environment.close() }
            openings[identity] = opening.leases == 0 ? nil : opening
        }
    }
}

extension [FileIdentity: EnvironmentLease.Opening] {
    /// A process has few of them.
    fileprivate func key(of environment: SharedEnvironment) -> FileIdentity? {
        first { $0.value.environment === environment }?.key
    }
}

/// What a file is, whatever path leads to it.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt
    private let number: UInt

    init(_ path: String) throws(LedgerError) {
        var status = stat()
        // stat fills the struct or says why not.
        guard unsafe stat(path, &status) == 0 else { throw .system(errno, path) }
        device = UInt(status.st_dev)
        number = UInt(status.st_ino)
    }
}
