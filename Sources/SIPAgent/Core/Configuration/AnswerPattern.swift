public import TrunkEvents

/// A final answer as a carrier gives it: by its code, and where that alone says too little, by
/// words of its reason phrase or by the Q.850 cause of its Reason header.
public struct AnswerPattern: Hashable, Sendable {
    public var code: StatusCode
    /// Part of the reason phrase, in any case.
    public var words: Octets?
    public var cause: Q850Cause?

    public init(code: StatusCode, words: Octets? = nil, cause: Q850Cause? = nil) {
        self.code = code
        self.words = words
        self.cause = cause
    }

    /// What carriers answer when no channel is free, where nothing else is configured.
    public static let usualFullAnswers = [
        AnswerPattern(code: .code(503)),
        AnswerPattern(code: .code(403), words: "channel limit"),
        AnswerPattern(code: .code(403), words: "concurrent call"),
    ]

    func matches(_ response: SIPMessage) -> Bool {
        guard response.status == code.rawValue else { return false }
        if let cause, response.q850Cause != UInt16(cause.rawValue) { return false }
        guard let words else { return true }
        return (response.reasonPhrase ?? []).containsIgnoringCase(words.bytes)
    }
}

extension Bytes {
    fileprivate func containsIgnoringCase(_ words: [UInt8]) -> Bool {
        guard count >= words.count else { return false }
        return (startIndex...(endIndex - words.count)).contains { start in
            self[start..<(start + words.count)]
                .elementsEqual(words) { lowercased($0) == lowercased($1) }
        }
    }
}
