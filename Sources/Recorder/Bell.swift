internal import Glibc

/// Wakes a thread that polls: two connected sockets, one to write to, one to poll.
final class Bell: Sendable {
    /// Readable (poll(2)) once the bell has been rung, until ``clear()``.
    let descriptor: Int32
    private let rope: Int32

    /// - Throws: ``RecorderError/noDescriptors(errno:)``.
    init() throws(RecorderError) {
        var pair: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        guard socketpair(AF_UNIX, Int32(kind), 0, &pair) == 0 else {
            throw .noDescriptors(errno: errno)
        }
        (rope, descriptor) = (pair[0], pair[1])
    }

    deinit {
        close(rope)
        close(descriptor)
    }

    /// Where nothing more fits in, the thread is about to wake up anyway.
    func ring() {
        var byte: UInt8 = 1
        _ = write(rope, &byte, 1)
    }

    func clear() {
        var rings = [UInt8](repeating: 0, count: 64)
        _ = read(descriptor, &rings, rings.count)
    }

    /// Waits for a ring. `false`: none came in time.
    ///
    /// - Parameter milliseconds: -1 waits for ever.
    func wait(milliseconds: Int32) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, milliseconds) > 0
    }
}
