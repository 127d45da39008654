import TrunkEvents

/// Keeps the servers located that the configuration names: it asks, walks through the answers, and
/// knows each server's targets at any moment, so that no call ever waits for DNS.
struct Locator: Sendable {
    private var reach = TransportReach([])
    private var cache = DNSCache()
    /// In the configuration's order.
    private var names: [ServerName] = []
    private var located: [ServerName: [ServerTarget]] = [:]
    /// For the resolver, until it takes them.
    private var questions: [DNSQuestion] = []

    /// The servers to be located from here on. Those that stay keep their targets.
    mutating func serve(
        _ names: [ServerName], reaching reach: TransportReach, at now: MonotonicInstant
    ) {
        self.reach = reach
        self.names = names
        located = located.filter { names.contains($0.key) }
        locate(at: now)
    }

    /// Empty while nothing is known, and where DNS says that there is nothing.
    func targets(of name: ServerName) -> [ServerTarget] { located[name] ?? [] }

    /// When `advance` has something to do.
    var deadline: MonotonicInstant? { cache.deadline }

    mutating func advance(to now: MonotonicInstant) {
        questions += cache.takeDue(at: now)
    }

    /// The questions to be asked now; each is handed out once and wants a reply.
    mutating func takeQuestions() -> [DNSQuestion] {
        defer { questions = [] }
        return questions
    }

    /// `true` when a server's targets are not those of before.
    mutating func receive(
        _ reply: DNSReply, to question: DNSQuestion, at now: MonotonicInstant,
        entropy: inout Entropy
    ) -> Bool {
        let before = located
        cache.receive(reply, to: question, at: now, entropy: &entropy)
        locate(at: now)
        questions += cache.takeDue(at: now)
        return located != before
    }

    private mutating func locate(at now: MonotonicInstant) {
        var wanted: Set<DNSQuestion> = []
        for name in names {
            var walk = LocationWalk(cache, reach)
            let targets = walk.targets(of: name)
            wanted.formUnion(walk.questions)
            guard replaces(located[name] ?? [], by: targets, walk) else { continue }
            located[name] = targets
        }
        cache.want(wanted, at: now)
    }

    /// Half an answer, or none for want of a resolver, does not replace what was known before.
    private func replaces(
        _ known: [ServerTarget], by targets: [ServerTarget], _ walk: LocationWalk
    ) -> Bool {
        if known.isEmpty { return true }
        return walk.isComplete && !(targets.isEmpty && walk.hasFailures)
    }
}
