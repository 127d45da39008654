import Foundation

/// A PostgreSQL server of one test's own, reached through a socket in its directory.
public final class PostgreSQLServer: Sendable {
    /// As `--to` and `psql` take it.
    public let address: String
    private let directory: String
    private let programs: String
    private let port: Int
    private let scope: ProcessScope

    /// Where Debian puts the server's programs; nil where none is installed.
    public static var programs: String? {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.compactMap(Int.init).max().map { "\(root)/\($0)/bin" }
    }

    /// Makes the server's files; ``start()`` starts it.
    public init(in scope: ProcessScope) async throws {
        guard let programs = Self.programs else {
            throw CannotStart(program: "initdb", reason: "no PostgreSQL; see tools/setup")
        }
        self.programs = programs
        self.scope = scope
        // A path that the server's own user may enter, and short enough for a socket (unix(7)).
        directory = "/tmp/trunkledger-pg-\(UUID().uuidString.prefix(8))"
        port = LoopbackPorts.next()
        address = "postgresql://postgres@/postgres?host=\(directory)&port=\(port)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: false,
            attributes: Self.isRoot ? [.ownerAccountName: "postgres"] : [:])
        let made = try await run(
            "\(programs)/initdb", "-D", "\(directory)/data", "-U", "postgres", "-A", "trust",
            "--no-sync", "--no-locale", "--encoding=UTF8")
        guard made.succeeded else {
            throw CannotStart(program: "initdb", reason: made.errorOutput)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Returns when it answers.
    @discardableResult
    public func start() async throws -> ChildProcess {
        let words = Self.asItsUser([
            "\(programs)/postgres", "-D", "\(directory)/data", "-k", directory, "-p", "\(port)",
            "-c", "listen_addresses=", "-c", "fsync=off",
        ])
        let server = try scope.start(words[0], Array(words.dropFirst()), name: "postgres")
        try await eventually("PostgreSQL answers", within: .seconds(30), every: .milliseconds(50)) {
            try await run("\(programs)/psql", "-X", "-d", address, "-c", "SELECT 1").succeeded
        }
        return server
    }

    /// What a query answers, one line a row.
    public func rows(_ sql: String) async throws -> [String] {
        let outcome = try await run(
            "\(programs)/psql", "-X", "-A", "-t", "-d", address, "-c", sql)
        guard outcome.succeeded else {
            throw CannotStart(program: "psql", reason: outcome.errorOutput)
        }
        return outcome.lines.map(String.init)
    }

    private func run(_ words: String...) async throws -> Outcome {
        let words = Self.asItsUser(words)
        return try await scope.run(words[0], Array(words.dropFirst()))
    }

    /// PostgreSQL refuses to run as root.
    private static func asItsUser(_ words: [String]) -> [String] {
        guard isRoot else { return words }
        return [
            "/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups",
            "--reset-env",
        ] + words
    }

    private static var isRoot: Bool { geteuid() == 0 }
}
