/// What SIPp saw of a call and when, as our scenarios log it.
public struct SippFact: Sendable, Equatable {
    public enum Kind: String, Sendable {
        case invited, answered, refused, cancelled, registered
        case endedLocal = "ended-local"
        case endedRemote = "ended-remote"
    }

    public let kind: Kind
    public let number: String
    public let code: Int
    /// Wall time in seconds.
    public let time: Double
    /// The Q.850 cause of a refusal's Reason header, where there was one.
    public let cause: Int?

    /// A line `KIND NUMBER CODE SECONDS MICROSECONDS [CAUSE]`; nil while it is half written.
    public init?(line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count >= 5, let kind = Kind(rawValue: String(words[0])),
            let code = Int(words[2]), let seconds = Double(words[3]),
            let microseconds = Double(words[4])
        else { return nil }
        self.kind = kind
        self.number = String(words[1])
        self.code = code
        time = seconds + microseconds / 1_000_000
        cause = words.count > 5 ? Int(words[5]) : nil
    }
}

/// One call as one side of it saw it.
public struct SippCall: Sendable, Equatable {
    public let number: String
    public var answeredAt: Double?
    public var endedAt: Double?
    public var hungUp = false
    public var refusal: SippFact?

    /// From answer to the end, in milliseconds.
    public var talkMilliseconds: Double? {
        guard let answeredAt, let endedAt else { return nil }
        return (endedAt - answeredAt) * 1_000
    }

    public static func byNumber(_ facts: [SippFact]) -> [String: SippCall] {
        facts.reduce(into: [:]) { calls, fact in
            var call = calls[fact.number] ?? SippCall(number: fact.number)
            switch fact.kind {
            case .answered: call.answeredAt = fact.time
            case .endedLocal, .endedRemote:
                if call.endedAt == nil { call.hungUp = fact.kind == .endedLocal }
                call.endedAt = call.endedAt ?? fact.time
            case .refused, .cancelled: call.refusal = fact
            case .invited, .registered: break
            }
            calls[fact.number] = call
        }
    }

    init(number: String) { self.number = number }
}
