import ArgumentParser
import Foundation
import Glibc

/// A child process whose output goes to a file.
///
/// Not Foundation's `Process`: that learns of a child's end from a descriptor which Kamailio, like
/// any daemon, closes when it starts.
final class SpawnedProcess {
    let id: pid_t
    private var hasEnded = false

    init(_ program: String, _ arguments: [String], log: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Threads of a dispatch pool block signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var id = pid_t()
        let code = posix_spawn(&id, program, &actions, &attributes, words, environ)
        guard code == 0 else {
            throw CleanExit.message("\(program) did not start: \(String(cString: strerror(code)))")
        }
        self.id = id
    }

    var isRunning: Bool {
        guard !hasEnded else { return false }
        var status: Int32 = 0
        hasEnded = waitpid(id, &status, WNOHANG) != 0
        return !hasEnded
    }

    func wait() {
        while isRunning { usleep(20_000) }
    }

    /// Waits without looking now and then; the exit status, `nil` after a signal.
    func end() -> Int32? {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        hasEnded = true
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }

    /// Memory that is the process's own, in MiB: mapped files do not count.
    var anonymousMebibytes: Double { Self.anonymousMebibytes(ofProcess: "\(id)") ?? 0 }

    static func anonymousMebibytes(ofProcess id: String) -> Double? {
        guard let status = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8) else {
            return nil
        }
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
        return kibibytes.flatMap { Double($0) }.map { $0 / 1_024 }
    }

    func stop(_ signal: Int32) {
        guard isRunning else { return }
        kill(id, signal)
        wait()
    }
}
