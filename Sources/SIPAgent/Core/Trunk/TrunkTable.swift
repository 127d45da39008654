import TrunkEvents

/// All trunks and the channels held on them: the one place that decides whether a call gets a
/// channel.
///
/// Trunks keep the configuration's order, so that the same input gives the same output.
struct TrunkTable: Sendable {
    var lines: [TrunkLine] = []
    private(set) var configuration: AgentConfiguration
    var locator = Locator()
    /// Where each trunk stands in `lines`.
    private var places: [TrunkName: Int] = [:]
    /// Out of the configuration, their bindings not yet taken back.
    private var closing: [TrunkLine] = []
    private(set) var channels = ChannelTable()
    private var generations: UInt32 = 0

    /// Trunks start this far apart, so that a hundred registrations are no burst.
    static let startSpacing = Nanoseconds.milliseconds(50)

    /// Every trunk registers and probes from `now` on: `advance` brings the first requests.
    init(_ configuration: AgentConfiguration, at now: MonotonicInstant, entropy: inout Entropy) {
        self.configuration = configuration
        _ = reload(configuration, at: now, entropy: &entropy)
    }

    /// Bindings that the last process left in force, and pauses that are not over.
    mutating func recover(
        _ bindings: [TrunkName: RecoveredBinding], _ rests: [RecoveredRest], at now: Moment
    ) {
        for index in lines.indices {
            if let binding = bindings[lines[index].name] {
                lines[index].recover(binding, at: now)
            }
        }
        for rest in rests {
            if let place = places[rest.trunk] { lines[place].recover(rest, at: now) }
        }
    }

    /// Of machines: answers to those of before find nobody.
    mutating func nextGeneration() -> UInt32 {
        generations += 1
        return generations
    }

    var names: [TrunkName] { lines.map(\.name) }

    subscript(trunk: TrunkName) -> TrunkLine? { places[trunk].map { lines[$0] } }

    // MARK: Time and answers

    /// When `advance` is due.
    var deadline: MonotonicInstant? {
        var earliest: MonotonicInstant?
        // By index: each turn asks, and a line would be copied with all its references.
        for index in lines.indices { earliest = earliest.earlier(lines[index].deadline) }
        for index in closing.indices { earliest = earliest.earlier(closing[index].deadline) }
        return earliest.earlier(locator.deadline)
    }

    mutating func advance(to now: MonotonicInstant, entropy: inout Entropy) -> [TrunkAction] {
        var actions: [TrunkAction] = []
        locator.advance(to: now)
        for index in lines.indices { actions += lines[index].advance(to: now, entropy: &entropy) }
        for index in closing.indices {
            actions += closing[index].advance(to: now, entropy: &entropy)
        }
        closing.removeAll(where: \.isClosed)
        return actions
    }

    /// An answer to a request of a trunk. An answer to a request of long ago changes nothing.
    mutating func receive(
        _ response: SIPMessage, to id: TrunkRequestID, at now: MonotonicInstant,
        entropy: inout Entropy
    ) -> [TrunkAction] {
        onLines(named: id.trunk) { line in
            line.receive(response, to: id, at: now, entropy: &entropy)
        }
    }

    mutating func noAnswer(
        to id: TrunkRequestID, _ failure: TrunkRequestFailure, at now: MonotonicInstant,
        entropy: inout Entropy
    ) -> [TrunkAction] {
        onLines(named: id.trunk) { line in
            line.noAnswer(to: id, failure, at: now, entropy: &entropy)
        }
    }

    private mutating func onLines(
        named name: TrunkName, _ body: (inout TrunkLine) -> [TrunkAction]
    ) -> [TrunkAction] {
        var actions: [TrunkAction] = []
        if let place = places[name] { actions += body(&lines[place]) }
        for index in closing.indices where closing[index].name == name {
            actions += body(&closing[index])
        }
        closing.removeAll(where: \.isClosed)
        return actions
    }

    // MARK: Configuration

    /// Trunks that stay keep their registration, their probe and their channels; channels of a
    /// trunk that goes stay held until their calls end. Records no fact about the configuration
    /// itself.
    mutating func reload(
        _ configuration: AgentConfiguration, at now: MonotonicInstant, entropy: inout Entropy
    ) -> [TrunkAction] {
        var leaving = lines
        var next: [TrunkLine] = []
        var startAt = now
        self.configuration = configuration
        serveNames(at: now)
        for trunk in configuration.trunks {
            let hops = hops(of: trunk)
            let listeners = configuration.ownListeners
            let stays = leaving.firstIndex { line in
                line.serves(trunk, from: listeners) && line.hops.isEmpty == hops.isEmpty
            }
            if let stays {
                var line = leaving.remove(at: stays)
                line.adopt(trunk)
                line.move(to: hops, at: now, entropy: &entropy)
                next.append(line)
            } else {
                var line = TrunkLine(
                    trunk, hops: hops, listeners: listeners, generation: nextGeneration(),
                    startAt: startAt, entropy: &entropy)
                leaving.first { $0.name == line.name }.map { line.inheritRests(of: $0) }
                next.append(line)
                startAt = startAt.advanced(by: Self.startSpacing)
            }
        }
        lines = next
        places = [:]
        for (place, line) in lines.enumerated() { places[line.name] = place }
        let absences = lines.indices.flatMap { noteAbsence(of: $0) }
        return close(leaving, at: now, &entropy) + capCrossings() + absences
    }

    private mutating func close(
        _ leaving: [TrunkLine], at now: MonotonicInstant, _ entropy: inout Entropy
    ) -> [TrunkAction] {
        var actions: [TrunkAction] = []
        for var line in leaving {
            // A successor takes over its predecessor's binding by its own REGISTER.
            line.leaveContacts(to: lines)
            actions += line.close(at: now, entropy: &entropy)
            if !line.isClosed { closing.append(line) }
        }
        return actions
    }

    /// Takes back every binding. `isClosed` says when all is done, after two seconds at the latest.
    mutating func shutdown(at now: MonotonicInstant, entropy: inout Entropy) -> [TrunkAction] {
        var actions: [TrunkAction] = []
        for index in lines.indices { actions += lines[index].close(at: now, entropy: &entropy) }
        return actions
    }

    var isClosed: Bool { closing.isEmpty && lines.allSatisfy(\.isClosed) }
}

// Calls ask here.
extension TrunkTable {
    /// A call's answer from a trunk.
    enum Admission: Hashable, Sendable {
        /// The channel is held. The events, to be recorded after the seizure: near-cap facts or
        /// none.
        case seized(inUse: UInt32, cap: UInt32, then: [Event])
        /// Too many new calls: this one stands in line. Then `stopWaiting`, and ask as the next.
        case wait(until: MonotonicInstant)
        /// `inUse` and `cap` are those of the limit that refused, else the trunk's.
        case refused(RefusalReason, inUse: UInt32, cap: UInt32)
    }

    /// Asks a trunk for a channel. An inbound call proves that its trunk works and was not ours to
    /// hold back: only its channels count. An emergency call never waits for its turn. A trunk that
    /// a reload took away while the call waited counts as unreachable.
    ///
    /// - Precondition: this attempt holds no channel of the trunk.
    mutating func admit(
        _ trunk: TrunkName, call: CallID, attempt: AttemptNumber, direction: CallDirection,
        urgency: CallUrgency = .ordinary, isNext: Bool = false, at now: MonotonicInstant
    ) -> Admission {
        guard let place = places[trunk] else {
            return .refused(.unreachable, inUse: channels.inUse(trunk), cap: 0)
        }
        let limits = lines[place].configuration.channels
        if direction == .outbound,
            let reason = refusal(by: place, at: now, urgency)
        {
            return .refused(reason, inUse: channels.inUse(trunk), cap: limits.total)
        }
        // First the channel, so that a call which gets none takes no turn from another.
        if case .refused(let reason, let inUse, let cap)? = channels.refusal(
            of: trunk, direction, isEmergency: urgency.isEmergency, limits: limits)
        {
            return .refused(reason, inUse: inUse, cap: cap)
        }
        if direction == .outbound, !urgency.isEmergency {
            switch lines[place].takeTurn(at: now, isNext: isNext) {
            case .now: break
            case .wait(let until): return .wait(until: until)
            case .refused:
                return .refused(.cps, inUse: channels.inUse(trunk), cap: limits.total)
            }
        }
        switch channels.seize(
            trunk, call: call, attempt: attempt, direction: direction,
            isEmergency: urgency.isEmergency, limits: limits)
        {
        case .seized(let inUse, let cap):
            if direction == .outbound { lines[place].beginAttempt(at: now) }
            return .seized(inUse: inUse, cap: cap, then: capCrossings(trunk, limits))
        case .refused(let reason, let inUse, let cap):
            return .refused(reason, inUse: inUse, cap: cap)
        }
    }

    // A line has many references. Here, where nothing is changed, it is lent and not copied.

    private func refusal(
        by place: Int, at now: MonotonicInstant, _ urgency: CallUrgency
    ) -> RefusalReason? {
        lines[place].refusal(at: now, urgency)
    }

    /// Where a call may go, in the order in which to try; none while the trunk is not located.
    func hops(
        of trunk: TrunkName, at now: MonotonicInstant, using entropy: inout Entropy
    ) -> [Endpoint] {
        places[trunk].map { lines[$0].hops(at: now, using: &entropy) } ?? []
    }

    func path(of trunk: TrunkName, by hop: Endpoint) -> TrunkPath? {
        places[trunk].map { lines[$0].path(by: hop) }
    }

    /// A call that waits for its turn does so no longer.
    mutating func stopWaiting(for trunk: TrunkName) {
        guard let place = places[trunk] else { return }
        lines[place].stopWaiting()
    }

    /// Frees a channel; answers alike however often it is asked. The events come after the release.
    mutating func release(
        _ trunk: TrunkName, call: CallID, attempt: AttemptNumber
    ) -> (answer: ChannelTable.Release, then: [Event]) {
        let answer = channels.release(trunk, call: call, attempt: attempt)
        guard answer != .notHeld, let place = places[trunk] else {
            return (answer, [])
        }
        return (answer, capCrossings(trunk, lines[place].configuration.channels))
    }

    /// What became of a call that was offered to the trunk. The facts that its health changed, and
    /// that it asked for a pause.
    ///
    /// - Parameter refusal: the answer that ended it, and the host that gave it.
    mutating func note(
        _ result: CallHealth.Result, _ refusal: (response: SIPMessage, host: Endpoint)?,
        of trunk: TrunkName, at now: MonotonicInstant
    ) -> [Event] {
        guard let place = places[trunk] else { return [] }
        return lines[place].note(result, refusal, at: now)
    }

    /// A seizure that the log shows without its release.
    mutating func holdRecovered(
        _ trunk: TrunkName, call: CallID, attempt: AttemptNumber, direction: CallDirection
    ) -> [Event] {
        channels.holdRecovered(trunk, call: call, attempt: attempt, direction: direction)
        guard let limits = self[trunk]?.configuration.channels else { return [] }
        return capCrossings(trunk, limits)
    }

    /// How full a trunk is.
    func load(of trunk: TrunkName) -> RouteSelector.Load {
        RouteSelector.Load(
            inUse: channels.inUse(trunk), cap: self[trunk]?.configuration.channels.total ?? 0)
    }

    /// Whether any trunk would take an outbound call now.
    func canTakeCall(at now: MonotonicInstant) -> Bool {
        lines.contains { line in
            line.refusal(at: now, .ordinary) == nil
                && channels.refusal(
                    of: line.name, .outbound, limits: line.configuration.channels) == nil
        }
    }

    private mutating func capCrossings(
        _ trunk: TrunkName, _ limits: ChannelLimits
    ) -> [Event] {
        channels.capCrossings(of: trunk, limits: limits)
    }

    private mutating func capCrossings() -> [TrunkAction] {
        lines.flatMap { capCrossings($0.name, $0.configuration.channels) }
            .map { .record($0) }
    }
}
