/// Certificates of a test, made by `openssl` in its directory.
public struct Certificates: Sendable {
    /// PEM files, by path.
    public struct Pair: Sendable {
        public let certificate: String
        public let key: String
    }

    public let authority: Pair
    private let scope: ProcessScope

    /// An authority of its own.
    public init(_ scope: ProcessScope, named name: String = "authority") async throws {
        self.scope = scope
        authority = Pair(
            certificate: "\(scope.directory)/\(name).pem", key: "\(scope.directory)/\(name).key")
        try await Self.openssl(scope, authority, ["-subj", "/CN=\(name)"])
    }

    /// A certificate for these names: `DNS:a.example`, `IP:127.0.0.3`, `URI:sip:a.example`.
    ///
    /// - Parameter subject: its common name; else the file's.
    public func issue(
        _ file: String, for names: [String], subject: String? = nil
    ) async throws -> Pair {
        let pair = Pair(
            certificate: "\(scope.directory)/\(file).pem", key: "\(scope.directory)/\(file).key")
        try await Self.openssl(
            scope, pair,
            [
                "-subj", "/CN=\(subject ?? file)", "-CA", authority.certificate, "-CAkey",
                authority.key,
                "-addext", "subjectAltName=\(names.joined(separator: ","))",
            ])
        return pair
    }

    private static func openssl(
        _ scope: ProcessScope, _ pair: Pair, _ more: [String]
    ) async throws {
        guard let program = Places.program("openssl") else {
            throw CannotStart(
                program: "openssl", reason: "not installed; run tools/setup --with-tests")
        }
        let outcome = try await scope.run(
            program,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-keyout", pair.key, "-out", pair.certificate,
            ] + more, within: .seconds(20))
        guard outcome.succeeded else {
            throw CannotStart(program: "openssl", reason: outcome.errorOutput)
        }
    }
}
