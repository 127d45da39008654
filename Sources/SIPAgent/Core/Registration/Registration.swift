import TrunkEvents

/// What a registration wants done.
enum RegistrationAction: Hashable, Sendable {
    case send(RegisterRequest)
    case record(Event)
}

/// Keeps one trunk registered with its carrier (RFC 3261 section 10.2). It never gives up and is
/// never without a timer until it is removed.
///
/// ```
/// Unregistered --retryAt--> Registering --2xx--> Registered --refreshAt--> Refreshing
///      ^                      |     ^             |     ^                    |    |
///      +--refused, no answer--+     |             |     +--2xx, refused, ----+    |
///      |                            |             |        no answer              |
///      +----------------------------|--expiresAt--+                               |
///                                   +--------------------expiresAt----------------+
///
/// unregister():
///
///  Registered -------------------------------------> Unregistering --> Removed
///  Registering, Refreshing --> Settling --answer-------^
///  Unregistered -----------------------------------------------------> Removed
/// ```
///
/// Entering Registering, Refreshing and Unregistering (Expires: 0) sends a REGISTER; 401, 407 and
/// 423 send another one from within. Facts: `registrationSucceeded` with each 2xx,
/// `registrationFailed` with each refusal or silence, `registrationExpired` at `expiresAt`,
/// `registrationRemoved` with the 2xx that ends Unregistering.
///
/// A binding whose refresh is refused stays in force until it expires: the registrar keeps it.
struct Registration: Sendable {
    private static let serviceRouteMax = 8

    private var settings: RegistrationSettings
    private let callID: [UInt8]
    private let fromTag: [UInt8]
    private var cseq: UInt32 = 0
    /// Raised by 423.
    private var expiresSeconds: UInt32
    private var digests: DigestSessions
    /// In a row: of all registrars, or such as no other registrar could mend.
    private var failures = 0
    private var choice: RegistrarChoice
    /// Where requests of the registered user are to go through (RFC 3608), as Route values.
    private(set) var serviceRoute: [[UInt8]] = []
    private var state: RegistrationState

    init(_ settings: RegistrationSettings, startAt: MonotonicInstant, entropy: inout Entropy) {
        self.settings = settings
        callID = entropy.callID()
        fromTag = entropy.tag()
        expiresSeconds = settings.expiresSeconds
        digests = DigestSessions(credentials: settings.credentials)
        choice = RegistrarChoice(settings.registrars)
        state = .unregistered(retryAt: startAt)
    }

    /// When `advance` is due; nil only when the machine has been removed.
    var deadline: MonotonicInstant? { state.deadline }
    /// Whether the carrier sends us calls and takes ours.
    var isInForce: Bool { state.isInForce }
    var isRemoved: Bool { state == .removed }
    /// The registrar that has our binding, or is asked for it.
    var registrar: Endpoint { choice.bound ?? choice.next }

    /// The last process left a binding that lasts so long still: calls go on at once, and it is
    /// refreshed now. Where it leads (RFC 3608) is not in the log: the refresh tells.
    mutating func recover(
        from registrar: Endpoint, lasting rest: Nanoseconds, at now: MonotonicInstant
    ) {
        // Counted from the sending: the log knows when the answer came.
        let rest = rest - settings.answerWait
        guard case .unregistered(let retryAt) = state, rest > .zero,
            choice.recover(registrar, at: now)
        else { return }
        state = .registered(expiresAt: now.advanced(by: rest), refreshAt: retryAt)
    }

    /// DNS names other registrars. The binding stays in force; its next refresh goes there.
    mutating func move(to registrars: [Endpoint]) {
        settings.registrars = registrars
        choice.move(to: registrars)
    }

    // MARK: Time

    mutating func advance(
        to now: MonotonicInstant, entropy: inout Entropy
    ) -> [RegistrationAction] {
        var actions: [RegistrationAction] = []
        while let deadline = state.deadline, deadline <= now {
            actions += step(at: now, &entropy)
        }
        return actions
    }

    /// Deals with what is due first. Leaves a later deadline or a later state.
    private mutating func step(
        at now: MonotonicInstant, _ entropy: inout Entropy
    ) -> [RegistrationAction] {
        let expired = Event.registrationExpired(RegistrationExpired(trunk: settings.trunk))
        switch state {
        case .unregistered:
            state = .registering(nextRegister(at: now))
            return [send(expires: expiresSeconds, &entropy)]
        case .registered(let expiresAt, let refreshAt) where expiresAt <= now:
            state = .unregistered(retryAt: refreshAt)
            expire()
            return [.record(expired)]
        case .registered(let expiresAt, _):
            choice.refresh(at: now)
            state = .refreshing(nextRegister(at: now), expiresAt: expiresAt)
            return [send(expires: expiresSeconds, &entropy)]
        case .refreshing(let open, let expiresAt) where expiresAt <= now:
            state = .registering(open)
            expire()
            return [.record(expired)]
        case .registering, .refreshing, .settling, .unregistering:
            return fail(RegistrationSetback(.timeout), at: now, &entropy)
        case .removed:
            preconditionFailure("a removed registration has no deadline")
        }
    }

    // MARK: Answers

    /// - Parameter cseq: of the REGISTER that is answered; an answer to an older one changes
    ///   nothing.
    mutating func receive(
        _ response: SIPMessage, to cseq: UInt32, at now: MonotonicInstant, entropy: inout Entropy
    ) -> [RegistrationAction] {
        guard var open = state.open, open.cseq == cseq, let status = response.status, status >= 200
        else { return [] }
        switch status {
        case 200..<300:
            return succeed(response, open, at: now, &entropy)
        case 401, 407:
            switch digests.receive(challengesIn: response, &open.challengesAnswered) {
            case .answer: return followUp(open, at: now, &entropy)
            case .credentialsRefused:
                return fail(RegistrationSetback(.credentials, response), at: now, &entropy)
            case .unsupported:
                return fail(RegistrationSetback(.rejected, response), at: now, &entropy)
            }
        case 423 where raiseLifetime(response, &open):
            return followUp(open, at: now, &entropy)
        default:
            return fail(RegistrationSetback(.rejected, response), at: now, &entropy)
        }
    }

    /// The REGISTER of this number was not answered in time, or could not be sent.
    mutating func noAnswer(
        to cseq: UInt32, cause: RegistrationFailure = .timeout, at now: MonotonicInstant,
        entropy: inout Entropy
    ) -> [RegistrationAction] {
        guard state.open?.cseq == cseq else { return [] }
        return fail(RegistrationSetback(cause), at: now, &entropy)
    }

    private mutating func succeed(
        _ response: SIPMessage, _ open: OpenRegister, at now: MonotonicInstant,
        _ entropy: inout Entropy
    ) -> [RegistrationAction] {
        digests.receive(success: response)
        switch state {
        case .settling(_, _, let giveUpAt):
            return remove(at: now, giveUpAt: giveUpAt, &entropy)
        case .unregistering:
            state = .removed
            return [.record(.registrationRemoved(RegistrationRemoved(trunk: settings.trunk)))]
        case .registering, .refreshing, .unregistered, .registered, .removed:
            break
        }
        let seconds = GrantedLifetime.seconds(
            in: response, contacts: settings.contacts(for: choice.next), asked: expiresSeconds)
        guard seconds > 0 else {
            return fail(RegistrationSetback(.rejected, response), at: now, &entropy)
        }
        failures = 0
        choice.succeeded(at: now)
        // RFC 3608 section 6.1: the latest 2xx counts, also where it names none.
        serviceRoute = response.values(of: .serviceRoute).prefix(Self.serviceRouteMax)
            .filter { NameAddress($0) != nil }.map { Array($0) }
        // Counted from the sending: the registrar cannot have begun earlier.
        let lifetime = Nanoseconds.seconds(
            Int64(min(seconds, RegistrationTiming.lifetimeSecondsMax)))
        let delay = RegistrationTiming.refreshDelay(lifetime: lifetime, entropy: &entropy)
        let refreshAt = open.sentAt.advanced(by: delay)
        state = .registered(
            expiresAt: open.sentAt.advanced(by: lifetime),
            refreshAt: max(
                min(refreshAt, choice.returnAt ?? refreshAt),
                now.advanced(by: RegistrationTiming.pauseMin)))
        return [
            .record(
                .registrationSucceeded(
                    RegistrationSucceeded(
                        trunk: settings.trunk, registrar: registrar,
                        expiresSeconds: seconds)))
        ]
    }

    /// RFC 3261 section 10.2.8. Once in an exchange: a registrar that is never content must wait.
    private mutating func raiseLifetime(
        _ response: SIPMessage, _ open: inout OpenRegister
    ) -> Bool {
        guard let least = response.minExpires, least > expiresSeconds,
            least <= RegistrationTiming.lifetimeSecondsMax, !open.hasRaisedLifetime
        else { return false }
        expiresSeconds = least
        open.hasRaisedLifetime = true
        return true
    }

    /// The same exchange goes on with another REGISTER.
    private mutating func followUp(
        _ open: OpenRegister, at now: MonotonicInstant, _ entropy: inout Entropy
    ) -> [RegistrationAction] {
        switch state {
        case .settling(_, true, let giveUpAt):
            return remove(at: now, giveUpAt: giveUpAt, &entropy)
        case .settling(_, false, _):
            state = .removed
            return []
        case .unregistered, .registering, .registered, .refreshing, .unregistering, .removed:
            break
        }
        var next = nextRegister(at: now)
        next.challengesAnswered = open.challengesAnswered
        next.hasRaisedLifetime = open.hasRaisedLifetime
        state = state.following(next)
        if case .unregistering = state { return [send(expires: 0, &entropy)] }
        return [send(expires: expiresSeconds, &entropy)]
    }

    private mutating func fail(
        _ setback: RegistrationSetback, at now: MonotonicInstant, _ entropy: inout Entropy
    ) -> [RegistrationAction] {
        // The first registrar is not back yet: nothing has changed.
        if choice.isReturning, case .refreshing(_, let expiresAt) = state, choice.moveOn(at: now) {
            let refreshAt = now.advanced(by: RegistrationTiming.pauseMin)
            state = .registered(expiresAt: expiresAt, refreshAt: refreshAt)
            return []
        }
        // RFC 3608 section 6.1: who refuses us has no route for us either.
        if setback.code != nil { serviceRoute = [] }
        let retryAt = now.advanced(by: pause(after: setback, at: now, &entropy))
        switch state {
        case .registering:
            state = .unregistered(retryAt: retryAt)
        case .refreshing(_, let expiresAt):
            state = .registered(expiresAt: expiresAt, refreshAt: retryAt)
        case .settling(_, true, let giveUpAt) where giveUpAt > now:
            return [.record(setback.fact(settings.trunk))]
                + remove(at: now, giveUpAt: giveUpAt, &entropy)
        case .settling, .unregistering:
            state = .removed
        case .unregistered, .registered, .removed:
            preconditionFailure("only a REGISTER that is out can fail")
        }
        return [.record(setback.fact(settings.trunk))]
    }

    /// Another registrar is tried at once; when all have failed, or where no other could help, the
    /// wait grows.
    private mutating func pause(
        after setback: RegistrationSetback, at now: MonotonicInstant, _ entropy: inout Entropy
    ) -> Nanoseconds {
        if setback.severity == .passing, choice.moveOn(at: now) {
            return RegistrationTiming.pauseMin
        }
        failures += 1
        return RegistrationTiming.retryDelay(
            failures: failures, severity: setback.severity,
            retryAfterSeconds: setback.retryAfterSeconds, entropy: &entropy)
    }

    private mutating func expire() {
        serviceRoute = []
        choice.bound = nil
    }

    // MARK: Going away

    /// Another machine binds these users from now on: they are not this one's to take back.
    mutating func leaveContacts(of users: [Octets]) {
        settings.contactUsers.removeAll { users.contains(Octets($0)) }
        if settings.contactUsers.isEmpty { state = .removed }
    }

    /// Removes the binding; the machine is removed after at most `removalWait`, answer or none.
    mutating func unregister(
        at now: MonotonicInstant, entropy: inout Entropy
    ) -> [RegistrationAction] {
        let giveUpAt = now.advanced(by: settings.removalWait)
        switch state {
        case .unregistered:
            state = .removed
            return []
        case .registering(let open):
            state = .settling(open, wasBound: false, giveUpAt: giveUpAt)
            return []
        case .refreshing(let open, _):
            state = .settling(open, wasBound: true, giveUpAt: giveUpAt)
            return []
        case .registered:
            return remove(at: now, giveUpAt: giveUpAt, &entropy)
        case .settling, .unregistering, .removed:
            return []
        }
    }

    private mutating func remove(
        at now: MonotonicInstant, giveUpAt: MonotonicInstant, _ entropy: inout Entropy
    ) -> [RegistrationAction] {
        state = .unregistering(nextRegister(at: now), giveUpAt: giveUpAt)
        return [send(expires: 0, &entropy)]
    }

    // MARK: REGISTERs

    private mutating func nextRegister(at now: MonotonicInstant) -> OpenRegister {
        cseq += 1
        return OpenRegister(
            cseq: cseq, sentAt: now, giveUpAt: now.advanced(by: settings.answerWait))
    }

    private mutating func send(
        expires: UInt32, _ entropy: inout Entropy
    ) -> RegistrationAction {
        let cnonce = entropy.tag()
        let credentials = digests.authorizations(
            method: Bytes(Method.register.name), uri: settings.requestURI[...],
            cnonce: cnonce[...])
        let asked = expires == 0 ? registrar : choice.next
        return .send(
            RegisterRequest(
                registrar: asked, requestURI: settings.requestURI,
                addressOfRecord: settings.addressOfRecord, fromTag: fromTag,
                contacts: settings.contacts(for: asked), callID: callID, cseq: cseq,
                expiresSeconds: expires, credentials: credentials))
    }
}
