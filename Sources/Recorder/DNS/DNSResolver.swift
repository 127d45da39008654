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
    private let bell: Bell
    private let thread = Mutex<DedicatedThread?>(nil)

    /// - Parameter handler: runs on the resolver's thread.
    init(
        _ settings: DNSSettings, handler: @escaping Handler
    ) throws(RecorderError) {
        bell = try Bell()
        thread.withLock { $0 = DedicatedThread { [self] in run(settings, handler) } }
    }

    func ask(_ questions: [DNSQuestion]) {
        inbox.withLock { $0.questions += questions }
        bell.ring()
    }

    /// Ends the thread; what is still out is replied to as failed. Call it once, last.
    func close() {
        inbox.withLock { $0.isClosed = true }
        bell.ring()
        thread.withLock { $0.take() }?.join()
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
            if let channel {
                channel.wait(for: bell.descriptor)
            } else {
                _ = bell.wait(milliseconds: -1)
            }
            bell.clear()
        }
    }
}
