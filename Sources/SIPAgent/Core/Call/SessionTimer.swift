import TrunkEvents

/// The session timer of one leg (RFC 4028): without a refresh the leg is dead.
///
/// ```
///  running --half the interval, ours to refresh--> refreshing --2xx--> running
///     |                                                |  408, 481, silence: the call ends
///     |                                                \--the interval is over: the call ends
///     \--all but 32 s of the interval (a third at most), the peer's to refresh: the call ends
/// ```
struct SessionTimer: Sendable {
    enum Refresher: Sendable { case us, peer }

    /// Seconds.
    private(set) var interval: UInt32
    let refresher: Refresher
    /// When the refresh is to be sent, or the peer's has failed to come.
    private(set) var due: MonotonicInstant
    /// When the session is over unless it is refreshed.
    private(set) var expires: MonotonicInstant
    private(set) var refreshedAt: WallInstant
    /// The largest Min-SE that the peer has asked for, in seconds; 0 where none was.
    private(set) var minimum: UInt32
    /// Whether the peer takes UPDATE, which refreshes without an offer (section 7.4).
    let takesUpdate: Bool
    /// The session description that a refresh by re-INVITE offers again; empty otherwise.
    private(set) var session: [UInt8]

    /// What was agreed on, whenever that was.
    struct Terms: Hashable, Sendable {
        let interval: UInt32
        let refresher: Refresher
        let minimum: UInt32
        let takesUpdate: Bool
    }

    var terms: Terms {
        Terms(
            interval: interval, refresher: refresher, minimum: minimum, takesUpdate: takesUpdate)
    }

    /// Section 4: nothing below may be asked for.
    static let intervalMin: UInt32 = 90

    private init(
        _ interval: UInt32, _ refresher: Refresher, minimum: UInt32, takesUpdate: Bool,
        session: Bytes, at now: Moment
    ) {
        self.interval = max(interval, Self.intervalMin)
        self.refresher = refresher
        self.minimum = minimum
        self.takesUpdate = takesUpdate
        self.session = refresher == .us && !takesUpdate ? Array(session) : []
        let span = Nanoseconds.seconds(Int64(self.interval))
        refreshedAt = now.wall
        expires = now.monotonic.advanced(by: span)
        due =
            switch refresher {
            case .us: now.monotonic.advanced(by: Nanoseconds(span.count / 2))
            // Section 10.
            case .peer:
                now.monotonic.advanced(
                    by: span - min(.seconds(32), Nanoseconds(span.count / 3)))
            }
    }

    /// As the client, from the 2xx to our request (section 7.2). `nil`: there is no timer.
    ///
    /// - Parameters:
    ///   - session: what our request, or the answer to it, described.
    ///   - minimum: the Min-SE that our request had.
    init?(answeredWith response: SIPMessage, session: Bytes, minimum: UInt32, at now: Moment) {
        guard let answer = response.sessionExpires else { return nil }
        self.init(
            answer.seconds, answer.refresher == .server ? .peer : .us, minimum: minimum,
            takesUpdate: response.lists("UPDATE", in: .allow), session: session, at: now)
    }

    /// As the server, for the 2xx to a peer's request (section 9, Table 2). `nil`: it knows nothing
    /// of timers, or something on the way asked for one that we would have to refresh too often.
    ///
    /// - Parameter session: what our 2xx describes.
    init?(
        answering request: SIPMessage, _ settings: SessionTimerSettings, session: Bytes,
        at now: Moment
    ) {
        let asked = request.sessionExpires
        let isKnown = request.lists("timer", in: .supported) || request.lists("timer", in: .require)
        let minimum = request.minSE ?? 0
        guard isKnown || (asked?.seconds ?? 0) >= settings.minimum else { return nil }
        let refresher: Refresher = !isKnown || asked?.refresher == .server ? .us : .peer
        self.init(
            asked?.seconds ?? max(settings.interval, minimum), refresher, minimum: minimum,
            takesUpdate: request.lists("UPDATE", in: .allow), session: session, at: now)
    }

    /// As the server, from the 2xx that the log holds.
    init?(answered request: SIPMessage, with response: SIPMessage, at now: Moment) {
        guard let answer = response.sessionExpires else { return nil }
        self.init(
            answer.seconds, answer.refresher == .server ? .us : .peer,
            minimum: request.minSE ?? 0, takesUpdate: request.lists("UPDATE", in: .allow),
            session: response.body, at: now)
    }

    /// As the log says that it was agreed on later. `nil`: there is no timer any more.
    init?(_ logged: SessionTimerChanged, session: Bytes, at now: Moment) {
        guard let interval = logged.interval else { return nil }
        self.init(
            interval, logged.isRefreshedByUs ? .us : .peer, minimum: logged.minimum,
            takesUpdate: logged.takesUpdate, session: session, at: now)
    }

    /// After a restart the last refresh is not known. One of ours follows at once; the peer has the
    /// whole interval for its own.
    func restarted(at now: Moment, refreshingAt turn: MonotonicInstant) -> SessionTimer {
        var timer = begunAgain(at: now)
        if refresher == .us { timer.due = turn }
        return timer
    }

    private func begunAgain(at now: Moment) -> SessionTimer {
        SessionTimer(
            interval, refresher, minimum: minimum, takesUpdate: takesUpdate, session: session[...],
            at: now)
    }

    /// The peer has our 2xx: it counts from there where it is to refresh (section 10), and what
    /// came may have been a late copy.
    mutating func answerArrived(at now: Moment) {
        if refresher == .peer { self = begunAgain(at: now) }
    }

    /// Another session description went out, and a refresh by re-INVITE is to repeat it.
    mutating func offer(_ description: Bytes) {
        if refresher == .us, !takesUpdate { session = Array(description) }
    }

    private static let pauseMin = Nanoseconds.seconds(10)

    /// Our refresh is out: only its 2xx extends the session (section 10).
    mutating func awaitAnswer() { due = expires }

    mutating func retry(at instant: MonotonicInstant) { due = min(instant, expires) }

    /// Our refresh was refused. What ails it may pass: halfway to the end another one goes.
    mutating func retryLater(at now: MonotonicInstant) {
        let rest = now.duration(to: expires)
        retry(at: now.advanced(by: max(Self.pauseMin, Nanoseconds(rest.count / 2))))
    }

    /// A 422 to our refresh. `false`: it asks for nothing new.
    mutating func raise(to minimum: UInt32, at now: MonotonicInstant) -> Bool {
        guard minimum > self.minimum, minimum > interval else { return false }
        self.minimum = minimum
        interval = minimum
        due = now
        return true
    }
}

/// What a 2xx of ours says of the timer; `timer` is `nil` where there is none.
extension MessageWriter {
    mutating func answer(_ timer: SessionTimer?) {
        guard let timer else { return }
        sessionExpires(timer.interval, timer.refresher == .us ? "uas" : "uac")
        // Section 9: who is to refresh has to know that.
        if timer.refresher == .peer { header(.require, "timer") }
    }

    /// What a refresh of ours, or a request that is one by the way, says of it (section 7.4).
    mutating func request(_ timer: SessionTimer?) {
        guard let timer else { return }
        header(.supported, "timer")
        sessionExpires(timer.interval, timer.refresher == .us ? "uac" : "uas")
        if timer.minimum > 0 { header(.minSE, number: timer.minimum) }
    }

    private mutating func sessionExpires(_ seconds: UInt32, _ refresher: StaticString) {
        startHeader(.sessionExpires)
        append(seconds)
        append(";refresher=")
        append(refresher)
        endLine()
    }

    /// What an INVITE that begins a leg asks for.
    mutating func extensions(_ settings: CallSettings, offersReliability: Bool) {
        let timer = settings.sessionTimer
        switch (offersReliability, timer != nil) {
        case (true, true): header(.supported, "100rel, timer")
        case (true, false): header(.supported, "100rel")
        case (false, true): header(.supported, "timer")
        case (false, false): break
        }
        if let timer { header(.sessionExpires, number: timer.interval) }
    }
}
