import TrunkEvents

/// Keeps the servers located that the configuration names: it asks, walks through the answers, and
/// knows each server's targets at any moment, so that no call ever waits for DNS.
///
/// Names that peers write are its guests: asked for while calls need them, and some of them only.
struct Locator: Sendable {
    private var reach = TransportReach([])
    private var cache = DNSCache()
    /// In the configuration's order.
    private var names: [ServerName] = []
    /// When each was last needed.
    private var guests: [ServerName: MonotonicInstant] = [:]
    private var located: [ServerName: [ServerTarget]] = [:]
    /// Why those of the configuration that have no targets have none; nothing while it is open.
    private var absences: [ServerName: ProbeFailure] = [:]
    /// For the resolver, until it takes them.
    private var questions: [DNSQuestion] = []

    /// A peer that writes another name into each call must not fill our memory, nor keep the
    /// resolver busy: the one that was not needed for longest makes room.
    static let guestsMax = 64
    static let guestStay = Nanoseconds.seconds(3_600)

    /// The servers to be located from here on. Those that stay keep their targets.
    mutating func serve(
        _ names: [ServerName], reaching reach: TransportReach, at now: MonotonicInstant
    ) {
        self.reach = reach
        self.names = names
        located = located.filter { names.contains($0.key) || guests[$0.key] != nil }
        absences = absences.filter { names.contains($0.key) }
        locate(at: now)
    }

    /// Empty while nothing is known, and where DNS says that there is nothing.
    func targets(of name: ServerName) -> [ServerTarget] { located[name] ?? [] }

    /// In a fixed order.
    var guestNames: [ServerName] { guests.keys.sorted { $0.description < $1.description } }

    /// Of a name that a peer wrote. It is asked for from here on.
    mutating func targets(ofGuest name: ServerName, at now: MonotonicInstant) -> [ServerTarget] {
        if names.contains(name) { return targets(of: name) }
        if guests.updateValue(now, forKey: name) == nil {
            makeRoom(beside: name)
            locate(at: now)
            questions += cache.takeDue(at: now)
        }
        return targets(of: name)
    }

    private mutating func makeRoom(beside name: ServerName) {
        guard guests.count > Self.guestsMax else { return }
        let longest = guests.filter { $0.key != name }
            .min { ($0.value, $0.key.description) < ($1.value, $1.key.description) }
        if let longest { dismiss(longest.key) }
    }

    private mutating func dismiss(_ guest: ServerName) {
        guests[guest] = nil
        located[guest] = nil
    }

    /// Why a server of the configuration has no targets; `nil` where it has, and while that is
    /// open.
    func absence(of name: ServerName) -> ProbeFailure? { absences[name] }

    /// When `advance` has something to do.
    var deadline: MonotonicInstant? { cache.deadline }

    mutating func advance(to now: MonotonicInstant) {
        let leaving = guests.filter { $0.value.advanced(by: Self.guestStay) <= now }.keys
        for guest in leaving { dismiss(guest) }
        if !leaving.isEmpty { locate(at: now) }
        questions += cache.takeDue(at: now)
    }

    /// The questions to be asked now; each is handed out once and wants a reply.
    mutating func takeQuestions() -> [DNSQuestion] {
        defer { questions = [] }
        return questions
    }

    /// `true` when a server's targets, or why it has none, are not those of before.
    mutating func receive(
        _ reply: DNSReply, to question: DNSQuestion, at now: MonotonicInstant,
        entropy: inout Entropy
    ) -> Bool {
        let before = (located, absences)
        cache.receive(reply, to: question, at: now, entropy: &entropy)
        locate(at: now)
        questions += cache.takeDue(at: now)
        return (located, absences) != before
    }

    private mutating func locate(at now: MonotonicInstant) {
        var wanted: Set<DNSQuestion> = []
        for name in names + guestNames {
            var walk = LocationWalk(cache, reach)
            let targets = walk.targets(of: name)
            wanted.formUnion(walk.questions)
            defer { note(walk, of: name) }
            guard replaces(located[name] ?? [], by: targets, walk) else { continue }
            located[name] = targets
        }
        cache.want(wanted, at: now)
    }

    private mutating func note(_ walk: LocationWalk, of name: ServerName) {
        guard names.contains(name), targets(of: name).isEmpty, walk.isComplete else {
            absences[name] = nil
            return
        }
        absences[name] = walk.hasFailures ? .resolver : .notLocated
    }

    /// Half an answer, or none for want of a resolver, does not replace what was known before.
    private func replaces(
        _ known: [ServerTarget], by targets: [ServerTarget], _ walk: LocationWalk
    ) -> Bool {
        if known.isEmpty { return true }
        return walk.isComplete && !(targets.isEmpty && walk.hasFailures)
    }
}
