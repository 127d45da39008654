import TrunkEvents

/// What became of an attempt.
public enum Disposition: UInt8, StateChoice, Hashable, Sendable, CaseIterable {
    /// A 2xx arrived, in time or across our CANCEL.
    case answered = 1
    /// The called side is busy: 486, 600.
    case busy = 2
    /// Nobody picked up: 480; 408 or our own timer after an 18x.
    case noAnswer = 3
    /// The caller gave up.
    case cancelled = 4
    /// The carrier had no room: 503, or an answer that says so in words.
    case carrierFull = 5
    /// Another 4xx or 6xx of the far side.
    case rejected = 6
    /// No progress in time, another 5xx, a transport error, an answer that is of no use.
    case failed = 7
}

extension Disposition: CustomStringConvertible {
    public var description: String {
        switch self {
        case .answered: "ANSWERED"
        case .busy: "BUSY"
        case .noAnswer: "NO_ANSWER"
        case .cancelled: "CANCELLED"
        case .carrierFull: "CARRIER_FULL"
        case .rejected: "REJECTED"
        case .failed: "FAILED"
        }
    }
}

extension Disposition {
    /// Of an attempt that ended in a final answer other than 2xx.
    ///
    /// `reason` is its reason phrase, which few answers are asked for; `rang` says whether an 18x
    /// came before it.
    init(code: StatusCode, reason: @autoclosure () -> Octets, rang: Bool) {
        self =
            switch code.rawValue {
            case 486, 600: .busy
            case 480: .noAnswer
            case 408: rang ? .noAnswer : .failed
            case 487: .cancelled
            case 503: .carrierFull
            case 400..<500: CapacityRefusal.matches(code, reason()) ? .carrierFull : .rejected
            case 600..<700: .rejected
            default: .failed
            }
    }

    /// Of an attempt that got no 2xx.
    init(
        failure: AttemptFailure, code: StatusCode?, reason: @autoclosure () -> Octets, rang: Bool
    ) {
        switch failure {
        case .rejected:
            self = code.map { Disposition(code: $0, reason: reason(), rang: rang) } ?? .failed
        case .timeout: self = rang ? .noAnswer : .failed
        case .carrierFull: self = .carrierFull
        case .cancelled: self = .cancelled
        case .transport, .malformed, .recovery: self = .failed
        }
    }

    /// Of an attempt that nothing was heard of before its call ended.
    init(source: EndSource, code: StatusCode?, reason: @autoclosure () -> Octets, rang: Bool) {
        switch source {
        case .cancel: self = .cancelled
        case .timeout: self = rang ? .noAnswer : .failed
        case .finalResponse:
            self = code.map { Disposition(code: $0, reason: reason(), rang: rang) } ?? .failed
        case .bye, .sessionTimer, .maxDuration, .probe, .admin, .recovery: self = .failed
        }
    }
}

/// Answers other than 503 by which carriers say that no channel is free.
enum CapacityRefusal {
    /// A status and words of its reason phrase, in lower case.
    static let table: [(code: UInt16, words: String)] = [
        (403, "channel limit"),
        (403, "concurrent call"),
    ]

    static func matches(_ code: StatusCode, _ reason: @autoclosure () -> Octets) -> Bool {
        table.contains {
            $0.code == code.rawValue && reason().description.lowercased().contains($0.words)
        }
    }
}
