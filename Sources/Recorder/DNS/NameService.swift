internal import SIPAgent

/// The resolver of a running agent: there is none until something is asked, and another one after
/// a reload, which reads this machine's resolver configuration again.
struct NameService {
    private var settings: DNSSettings
    private let handler: DNSResolver.Handler
    private var resolver: DNSResolver?

    /// - Parameter handler: runs on the resolver's thread, or on the caller's where none can be
    ///   made.
    init(_ settings: DNSSettings, handler: @escaping DNSResolver.Handler) {
        self.settings = settings
        self.handler = handler
    }

    mutating func ask(_ questions: [DNSQuestion]) {
        guard !questions.isEmpty else { return }
        do throws(RecorderError) {
            if resolver == nil { resolver = try DNSResolver(settings, handler: handler) }
            resolver?.ask(questions)
        } catch {
            // As if no server answered: whoever asks tries again.
            for question in questions { handler(.failed, question) }
        }
    }

    mutating func use(_ settings: DNSSettings) {
        close()
        self.settings = settings
    }

    mutating func close() {
        resolver.take()?.close()
    }
}
