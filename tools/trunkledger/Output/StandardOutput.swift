import Glibc

/// Standard output, buffered. A reader that has gone (`| head`) ends the program quietly: that is
/// no error.
final class StandardOutput {
    private static let bufferBytes = 64 << 10
    private var buffer: [UInt8] = []

    init() {}

    func write(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.bufferBytes { flush() }
    }

    func write(_ bytes: [UInt8]) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferBytes { flush() }
    }

    func line(_ text: String) { write(text + "\n") }

    func flush() {
        var start = 0
        while start < buffer.count {
            let count = buffer[start...].withUnsafeBytes {
                Glibc.write(1, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                start += count
            } else if errno == EPIPE {
                exit(ExitStatus.done.rawValue)
            } else if errno != EINTR {
                let reason = String(cString: strerror(errno))
                StandardError.line("the output cannot be written: \(reason); nothing more follows")
                exit(ExitStatus.inputOutput.rawValue)
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Whether the reader has gone: what only waits for news asks before it goes on waiting.
    static var isAbandoned: Bool {
        var output = pollfd(fd: 1, events: 0, revents: 0)
        return poll(&output, 1, 0) == 1 && output.revents & Int16(POLLERR) != 0
    }
}

/// Standard error: one line per thing that went wrong, and progress where somebody watches.
enum StandardError {
    static func line(_ text: String) {
        write("trunkledger: \(text)\n")
    }

    /// Replaces the line on a terminal; says nothing anywhere else.
    static func progress(_ text: String) {
        guard isatty(2) == 1 else { return }
        write("\r\u{1B}[K\(text)")
    }

    static func endProgress() { progress("") }

    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(2, bytes, bytes.count)
    }
}
