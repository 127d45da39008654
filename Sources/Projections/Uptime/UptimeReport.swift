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
    /// Time in maintenance, whatever the state was: it is in none of the others.
    public private(set) var excluded = Nanoseconds.zero
    /// Stretches that were down, in order of time, cut to the range.
    public private(set) var outages: [Outage] = []

    /// Up time over the time in which we know; `nil` where we know nothing.
    public var availability: Double? {
        let known = up.count + down.count
        return known == 0 ? nil : Double(up.count) / Double(known)
    }

    /// - Parameter maintenance: stretches that do not count, in order and apart from each other.
    init?(
        _ subject: UptimeSubject, spans: [UptimeSpan], from: WallInstant, to: WallInstant,
        maintenance: [Range<WallInstant>] = [], minimumOutage: Nanoseconds = .zero
    ) {
        let cut = spans.filter { $0.from < to && $0.to > from }
        guard let last = cut.max(by: { $0.to < $1.to }) else { return nil }
        self.subject = subject
        state = last.state
        cause = last.cause
        for span in cut.sorted(by: { $0.from < $1.from }) {
            let whole = max(from, span.from)..<min(to, span.to)
            let isShort =
                span.state == .down && span.from.duration(to: span.to) < minimumOutage
            for part in Self.parts(of: whole, without: maintenance) {
                count(part, span, isShort: isShort)
            }
            let counted = Self.parts(of: whole, without: maintenance).map(\.length)
            excluded = excluded + counted.reduce(whole.length) { $0 - $1 }
        }
    }

    private mutating func count(
        _ part: Range<WallInstant>, _ span: UptimeSpan, isShort: Bool
    ) {
        switch span.state {
        case .up: up = up + part.length
        case .unknown: unknown = unknown + part.length
        case .down where isShort: up = up + part.length
        case .down:
            down = down + part.length
            outages.append(Outage(from: part.lowerBound, to: part.upperBound, cause: span.cause))
        }
    }

    private static func parts(
        of whole: Range<WallInstant>, without excluded: [Range<WallInstant>]
    ) -> [Range<WallInstant>] {
        var parts: [Range<WallInstant>] = []
        var start = whole.lowerBound
        for gap in excluded where gap.overlaps(whole) {
            if start < gap.lowerBound { parts.append(start..<gap.lowerBound) }
            start = max(start, gap.upperBound)
        }
        if start < whole.upperBound { parts.append(start..<whole.upperBound) }
        return parts
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
        now: WallInstant, exclusions: UptimeExclusions = UptimeExclusions()
    ) -> [UptimeReport] {
        let end = min(to, now)
        guard from < end else { return [] }
        let spans = Dictionary(grouping: closed + uptime.openSpans(now: now), by: \.subject)
        return spans.compactMap { subject, spans in
            let start = max(from, spans.map(\.from).min() ?? from)
            let trunks = uptime.trunks.filter { $0.value.carrier == subject.carrier }.map(\.key)
            let maintenance = exclusions.stretches(
                of: subject, trunks: trunks, in: min(start, end)..<end,
                recorded: uptime.maintenance)
            return UptimeReport(
                subject, spans: spans, from: from, to: end, maintenance: maintenance,
                minimumOutage: exclusions.minimumOutage)
        }.sorted { $0.subject.precedes($1.subject) }
    }
}

extension Range<WallInstant> {
    fileprivate var length: Nanoseconds { lowerBound.duration(to: upperBound) }
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
