public import TrunkEvents

/// How long a trunk or carrier was up, down and unknown within a range, with its outages.
public struct UptimeReport: Hashable, Sendable {
    public struct Outage: Hashable, Sendable {
        public let from: WallInstant
        public let to: WallInstant
        public let cause: UptimeCause
    }

    public let subject: UptimeSubject
    /// The state at the end of the range.
    public let state: UptimeState
    public let cause: UptimeCause
    public private(set) var up = Nanoseconds.zero
    public private(set) var down = Nanoseconds.zero
    public private(set) var unknown = Nanoseconds.zero
    /// Stretches that were down, in order of time, cut to the range.
    public private(set) var outages: [Outage] = []

    /// Up time over the time in which we know; `nil` where we know nothing.
    public var availability: Double? {
        let known = up.count + down.count
        return known == 0 ? nil : Double(up.count) / Double(known)
    }

    init?(_ subject: UptimeSubject, spans: [UptimeSpan], from: WallInstant, to: WallInstant) {
        let cut = spans.filter { $0.from < to && $0.to > from }
        guard let last = cut.max(by: { $0.to < $1.to }) else { return nil }
        self.subject = subject
        state = last.state
        cause = last.cause
        for span in cut.sorted(by: { $0.from < $1.from }) {
            let outage = Outage(from: max(from, span.from), to: min(to, span.to), cause: span.cause)
            let length = outage.from.duration(to: outage.to)
            switch span.state {
            case .up: up = up + length
            case .unknown: unknown = unknown + length
            case .down:
                down = down + length
                outages.append(outage)
            }
        }
    }

    /// One report per subject that existed within the range, carriers before their trunks.
    ///
    /// - Parameters:
    ///   - closed: the rows of `uptime` so far.
    ///   - uptime: the fold, for what has no end yet.
    ///   - now: the wall clock of whoever asks. Without a sign of life for longer than
    ///     ``CarrierUptime/silenceLimit``, what came after the last one is unknown.
    public static func reports(
        closed: [UptimeSpan], uptime: CarrierUptime, from: WallInstant, to: WallInstant,
        now: WallInstant
    ) -> [UptimeReport] {
        let end = min(to, now)
        let spans = Dictionary(grouping: closed + uptime.openSpans(now: now), by: \.subject)
        return spans.compactMap { UptimeReport($0.key, spans: $0.value, from: from, to: end) }
            .sorted { $0.subject.precedes($1.subject) }
    }
}

extension CarrierUptime {
    /// What each subject is in now, as spans that end at `now`.
    public func openSpans(now: WallInstant) -> [UptimeSpan] {
        guard let last = lastEvidence else { return [] }
        let isSilent = !isStopped && last.wall.duration(to: now) > Self.silenceLimit
        return current.flatMap { subject, open -> [UptimeSpan] in
            let known = isSilent && open.cause.state != .unknown ? last.wall : now
            var spans = [(open.cause, open.since, known)]
            if known < now { spans.append((UptimeCause(.agentSilent), known, now)) }
            return spans.filter { $0.1 < $0.2 }.map {
                UptimeSpan(
                    subject: subject, cause: $0.0, from: $0.1, to: $0.2, closedAt: last.position)
            }
        }
    }
}
