internal import Glibc
internal import SIPAgent
internal import Synchronization

/// Asks DNS on a thread of its own, so that the event loop never waits: questions go in, replies
/// come back through a closure, each question exactly one.
final class DNSResolver: Sendable {
    typealias Handler = @Sendable (DNSReply, DNSQuestion) -> Void

    private struct Inbox {
        var questions: [DNSQuestion] = []
        var isClosed = false
    }

    private let inbox = Mutex(Inbox())
    /// Two connected sockets: what is written to `ringer` wakes the thread, which polls `bell`.
    private let ringer: Int32
    private let bell: Int32
    private let thread = Mutex<DedicatedThread?>(nil)

    /// - Parameter handler: runs on the resolver's thread.
    init(_ settings: DNSSettings, handler: @escaping Handler) {
        var pair: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let code = socketpair(AF_UNIX, Int32(kind), 0, &pair)
        precondition(code == 0, "no descriptors are left for a socket pair")
        (ringer, bell) = (pair[0], pair[1])
        thread.withLock { $0 = DedicatedThread { [self] in run(settings, handler) } }
    }

    func ask(_ questions: [DNSQuestion]) {
        inbox.withLock { $0.questions += questions }
        ring()
    }

    /// Ends the thread; what is still out is replied to as failed. Call it once, last.
    func close() {
        inbox.withLock { $0.isClosed = true }
        ring()
        thread.withLock { $0.take() }?.join()
        Glibc.close(ringer)
        Glibc.close(bell)
    }

    /// Where nothing more fits in, the thread is about to wake up anyway.
    private func ring() {
        var byte: UInt8 = 1
        _ = write(ringer, &byte, 1)
    }

    private func run(_ settings: DNSSettings, _ handler: @escaping Handler) {
        let channel = AresChannel(settings)
        while true {
            let next = inbox.withLock { inbox in
                defer { inbox.questions = [] }
                return inbox
            }
            if next.isClosed { return }
            for question in next.questions {
                guard let channel else {
                    handler(.failed, question)
                    continue
                }
                channel.ask(question) { handler($0, question) }
            }
            waitForWork(channel)
            var rings = [UInt8](repeating: 0, count: 64)
            _ = read(bell, &rings, rings.count)
        }
    }

    private func waitForWork(_ channel: AresChannel?) {
        if let channel { return channel.wait(for: bell) }
        var polled = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
        _ = poll(&polled, 1, -1)
    }
}
