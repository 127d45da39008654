import Foundation

/// A directory of one test's own, removed when `body` returns or throws.
///
/// With `TRUNKLEDGER_KEEP=1` it stays, and its path is printed: for looking at traces.
public func withTemporaryDirectory<Result>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (_ path: String) async throws -> Result
) async throws -> Result {
    let path = try makeTemporaryDirectory()
    defer { removeTemporaryDirectory(path) }
    return try await body(path)
}

/// The same for a test that awaits nothing.
public func withTemporaryDirectory<Result>(
    _ body: (_ path: String) throws -> Result
) throws -> Result {
    let path = try makeTemporaryDirectory()
    defer { removeTemporaryDirectory(path) }
    return try body(path)
}

private func makeTemporaryDirectory() throws -> String {
    let base = FileManager.default.temporaryDirectory.path
    let path = "\(base)/trunkledger-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return path
}

private func removeTemporaryDirectory(_ path: String) {
    if ProcessInfo.processInfo.environment["TRUNKLEDGER_KEEP"] == "1" {
        print("kept \(path)")
        return
    }
    try? FileManager.default.removeItem(atPath: path)
}
