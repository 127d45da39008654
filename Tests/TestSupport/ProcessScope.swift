import Foundation
import Synchronization

/// What one test starts and where it works: a temporary directory and the processes in it.
/// All of them have ended when `withProcesses` returns, however the test went.
public final class ProcessScope: Sendable {
    public let directory: String
    private let children = Mutex<[ChildProcess]>([])

    init(directory: String) { self.directory = directory }

    /// Starts `executable` in the scope's directory; output goes to `NAME.N.out` and `NAME.N.err`.
    public func start(
        _ executable: String, _ arguments: [String], name: String? = nil,
        environment: [String: String] = [:]
    ) throws -> ChildProcess {
        let label = name ?? URL(fileURLWithPath: executable).lastPathComponent
        return try children.withLock { children in
            let stem = "\(directory)/\(label).\(children.count)"
            let child = try ChildProcess(
                name: label, executable: executable, arguments: arguments,
                environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
                directory: directory, outputPath: stem + ".out", errorPath: stem + ".err")
            children.append(child)
            return child
        }
    }

    /// Starts, waits for the end (at most `limit`), and returns status and output.
    public func run(
        _ executable: String, _ arguments: [String], within limit: Duration = .seconds(30),
        environment: [String: String] = [:]
    ) async throws -> Outcome {
        let child = try start(executable, arguments, environment: environment)
        let status = try await child.wait(within: limit)
        return Outcome(status: status, output: child.output, errorOutput: child.errorOutput)
    }

    /// Writes a text file into the scope's directory and returns its path.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        let path = "\(directory)/\(name)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Ends all that still runs, last started first.
    func stopAll() async {
        for child in children.withLock({ $0 }).reversed() where child.isRunning {
            // SIPp takes SIGTERM as a wish to finish its calls first, some of which never end.
            if child.name.hasPrefix("sipp") { child.killNow() } else { await child.stop() }
        }
    }
}

/// A finished command.
public struct Outcome: Sendable {
    public let status: ExitStatus
    public let output: String
    public let errorOutput: String

    public var succeeded: Bool { status == .exited(0) }
    public var lines: [Substring] { output.split(separator: "\n") }
}

public func withProcesses<Result>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (ProcessScope) async throws -> Result
) async throws -> Result {
    try await withTemporaryDirectory { path in
        let scope = ProcessScope(directory: path)
        do {
            let result = try await body(scope)
            await scope.stopAll()
            return result
        } catch {
            await scope.stopAll()
            throw error
        }
    }
}
