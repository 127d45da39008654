import Glibc

extension Entropy {
    /// The system's own generator, which nobody can foretell, asked for many words at a time: a
    /// call takes eight of them, and each question costs a system call.
    public static var system: Entropy {
        let reserve = EntropyReserve()
        return Entropy(drawing: { reserve.next() })
    }
}

/// Random words in store. Each is handed out once.
// @unchecked: it belongs to the one `Entropy` that was made with it, and that has one owner.
private final class EntropyReserve: @unchecked Sendable {
    private var words = [UInt64](repeating: 0, count: 64)
    private var usedCount = 64

    func next() -> UInt64 {
        if usedCount == words.count { refill() }
        defer { usedCount += 1 }
        return words[usedCount]
    }

    private func refill() {
        // getentropy(3) fills up to 256 bytes at a time, whole or not at all.
        unsafe words.withUnsafeMutableBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 256) {
                let part = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: bytes[start..<min(start + 256, bytes.count)])
                let code = unsafe getentropy(part.baseAddress!, part.count)
                precondition(code == 0, "the system has no random numbers (getentropy)")
            }
        }
        usedCount = 0
    }
}
