internal import Glibc
internal import Synchronization

/// The door for commands that record facts while the agent runs: `LEDGER/control.sock`, 0600.
///
/// A connection has one request line and one answer line that begins with `ok` or `error`.
/// Requests run on the door's own threads, so they may block: what takes minutes, as a compaction
/// does, holds up none but the few that may come beside it.
final class ControlSocket: Sendable {
    /// The longest request; the caller is our own command, so more is a mistake.
    static let requestBytesMax = 8_192
    /// Requests that are answered at once; more wait.
    static let requestsAtOnce = 4
    private static let pauseMilliseconds: Int32 = 100

    private let descriptor: Int32
    private let path: String
    private let isClosed = Atomic(false)
    private let threads = Mutex<[DedicatedThread]>([])

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// `nil` where the path is too long for a socket address (unix(7): 108 bytes) or the
    /// directory takes no sockets; the recorder works without the door.
    static func open(
        _ path: String, answer: @escaping @Sendable (_ request: String) -> String
    ) -> ControlSocket? {
        guard var address = sockaddr_un(path: path) else { return nil }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        // We hold the writer's lock, so a socket that is already there is a dead process's.
        unlink(path)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, chmod(path, 0o600) == 0, listen(descriptor, 8) == 0 else {
            Glibc.close(descriptor)
            return nil
        }
        let door = ControlSocket(descriptor: descriptor, path: path)
        door.threads.withLock { threads in
            for _ in 0..<requestsAtOnce {
                threads.append(DedicatedThread { door.serve(answer) })
            }
        }
        return door
    }

    func close() {
        isClosed.store(true, ordering: .relaxed)
        // Wakes the threads out of accept(2).
        shutdown(descriptor, Int32(SHUT_RDWR))
        for thread in threads.withLock({ $0 }) { thread.join() }
        unlink(path)
        Glibc.close(descriptor)
    }

    private func serve(_ answer: (String) -> String) {
        while !isClosed.load(ordering: .relaxed) {
            let connection = accept(descriptor, nil, nil)
            guard connection >= 0 else {
                // Most likely no descriptor is left (accept(2)): others may give some back.
                poll(nil, 0, Self.pauseMilliseconds)
                continue
            }
            // No program is started in between: this process starts none.
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            defer { Glibc.close(connection) }
            var patience = timeval(tv_sec: 5, tv_usec: 0)
            setsockopt(
                connection, SOL_SOCKET, SO_RCVTIMEO, &patience,
                socklen_t(MemoryLayout<timeval>.size))
            guard let request = Self.readLine(from: connection) else { continue }
            let reply = Array((answer(request) + "\n").utf8)
            send(connection, reply, reply.count, Int32(MSG_NOSIGNAL))
        }
    }

    private static func readLine(from connection: Int32) -> String? {
        var line: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1_024)
        while line.count <= requestBytesMax {
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            line.append(contentsOf: chunk[..<count])
            if let end = line.firstIndex(of: UInt8(ascii: "\n")) {
                return String(decoding: line[..<end], as: UTF8.self)
            }
        }
        return nil
    }
}

extension sockaddr_un {
    fileprivate init?(path: String) {
        self.init()
        sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        // The path ends with a NUL inside the field (unix(7)).
        guard bytes.count < MemoryLayout.size(ofValue: sun_path) else { return nil }
        withUnsafeMutableBytes(of: &sun_path) { $0.copyBytes(from: bytes) }
    }
}
