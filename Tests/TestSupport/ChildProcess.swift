import Foundation
public import Glibc
import Synchronization

/// How a process ended.
public enum ExitStatus: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)

    public var code: Int32? {
        switch self {
        case .exited(let code): code
        case .signalled: nil
        }
    }
}

/// A program under test: its output goes to two files, its end is always collected.
///
/// Start it through `ProcessScope`, which stops whatever still runs when the test is over.
public final class ChildProcess: Sendable {
    public let name: String
    public let pid: pid_t
    public let outputPath: String
    public let errorPath: String
    private let end = Mutex<ExitStatus?>(nil)

    init(
        name: String, executable: String, arguments: [String], environment: [String: String],
        directory: String, outputPath: String, errorPath: String
    ) throws {
        self.name = name
        self.outputPath = outputPath
        self.errorPath = errorPath
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let mode = mode_t(0o600)
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, mode)
        posix_spawn_file_actions_addopen(&actions, 2, errorPath, flags, mode)
        guard FileManager.default.isExecutableFile(atPath: executable) else {
            throw CannotStart(program: executable, reason: "no such program")
        }
        // env becomes the program (the pid stays), in its folder and with a shell's SIGPIPE.
        let env = "/usr/bin/env"
        let words = CStringArray(
            [env, "--default-signal=PIPE", "-C", directory, executable] + arguments)
        let variables = CStringArray(environment.map { "\($0.key)=\($0.value)" })
        var child: pid_t = 0
        // The threads that run tests block signals, and a child would inherit that: SIGTERM would
        // pass Kamailio by, and the SIGKILL that follows would orphan its workers.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let result = posix_spawn(
            &child, env, &actions, &attributes, words.pointers, variables.pointers)
        guard result == 0 else {
            throw CannotStart(program: executable, reason: String(cString: strerror(result)))
        }
        pid = child
    }

    /// nil while it runs.
    public var status: ExitStatus? {
        end.withLock { end in
            if end == nil { end = Self.collect(pid, WNOHANG) }
            return end
        }
    }

    public var isRunning: Bool { status == nil }

    /// Sends a signal, never to a pid that was already collected (the kernel may have reused it).
    public func signal(_ number: Int32) {
        end.withLock { end in
            if end == nil { end = Self.collect(pid, WNOHANG) }
            if end == nil { kill(pid, number) }
        }
    }

    @discardableResult
    public func wait(within limit: Duration) async throws -> ExitStatus {
        try await eventually("end of \(name) (pid \(pid))", within: limit) { status }
    }

    /// SIGTERM, and SIGKILL for what has not ended within `grace`.
    @discardableResult
    public func stop(grace: Duration = .seconds(5)) async -> ExitStatus {
        signal(SIGTERM)
        if let status = try? await wait(within: grace) { return status }
        return killNow()
    }

    /// SIGKILL, and waits for the kernel to confirm it.
    @discardableResult
    public func killNow() -> ExitStatus {
        end.withLock { end in
            if let end { return end }
            kill(pid, SIGKILL)
            let status = Self.collect(pid, 0) ?? .signalled(SIGKILL)
            end = status
            return status
        }
    }

    public var output: String { Self.text(outputPath) }
    public var errorOutput: String { Self.text(errorPath) }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    private static func collect(_ pid: pid_t, _ options: Int32) -> ExitStatus? {
        var raw: Int32 = 0
        var result: pid_t
        repeat { result = waitpid(pid, &raw, options) } while result == -1 && errno == EINTR
        guard result == pid else { return nil }
        let signal = raw & 0x7f
        return signal == 0 ? .exited((raw >> 8) & 0xff) : .signalled(signal)
    }
}

public struct CannotStart: Error, CustomStringConvertible {
    public let program: String
    public let reason: String
    public var description: String { "cannot start \(program): \(reason)" }

    public init(program: String, reason: String) {
        self.program = program
        self.reason = reason
    }
}

/// A null-terminated array of C strings that lives as long as it does.
private final class CStringArray {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointers = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { pointers[index] = strdup(string) }
        pointers[count] = nil
    }

    deinit {
        for index in 0..<count { free(pointers[index]) }
        pointers.deallocate()
    }
}
