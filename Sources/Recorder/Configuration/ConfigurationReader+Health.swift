internal import SIPAgent
internal import TrunkEvents

extension ConfigurationReader {
    mutating func readHealthLimits(_ section: ConfigurationSection) -> HealthLimits {
        var limits = HealthLimits()
        if let node = findings.text("down_after", in: section) {
            limits.probesDown = times("down_after", node) ?? limits.probesDown
        }
        if let node = findings.text("up_after", in: section) {
            limits.probesUp = times("up_after", node) ?? limits.probesUp
        }
        if let node = findings.text("calls_down_after", in: section) {
            limits.callsDown = Self.isOff(node) ? nil : times("calls_down_after", node)
        }
        guard let node = findings.text("calls_pause", in: section) else { return limits }
        if section["calls_down_after"] == nil {
            findings.add(
                "'calls_pause' without 'calls_down_after'; add it or take this out",
                at: node.place)
        }
        limits.callPause =
            duration(node, "calls_pause", atLeast: .seconds(1)) ?? limits.callPause
        return limits
    }

    private mutating func times(_ key: String, _ node: ConfigurationNode) -> UInt32? {
        findings.check(key, node) { text throws(TextProblem) in
            try QuantityText.count(text, in: 1...1_000)
        }
    }

    /// `503`, or `{code: 403, reason: channel limit}`, or `{code: 500, cause: 34}`.
    mutating func readFullAnswers(_ section: ConfigurationSection) -> [AnswerPattern] {
        guard section["full_on"] != nil else { return AnswerPattern.usualFullAnswers }
        return findings.list("full_on", in: section).compactMap { fullAnswer($0) }
    }

    private mutating func fullAnswer(_ node: ConfigurationNode) -> AnswerPattern? {
        guard case .section = node.content else {
            return findings.single(node, "an element of full_on").flatMap { node in
                findings.check("full_on", node) { text throws(TextProblem) in
                    AnswerPattern(code: try Self.fullCode(text, isQualified: false))
                }
            }
        }
        guard
            let section = findings.section(
                node, "an element of full_on", keys: ["code", "reason", "cause"]),
            let codeNode = findings.required("code", in: section, example: "403")
                .flatMap({ findings.single($0, "code") })
        else { return nil }
        let isQualified = section["reason"] != nil || section["cause"] != nil
        let code = findings.check("full_on", codeNode) { text throws(TextProblem) in
            try Self.fullCode(text, isQualified: isQualified)
        }
        let words = findings.text("reason", in: section)?.text.map { Octets($0) }
        let cause = findings.text("cause", in: section).flatMap { node in
            findings.check("full_on", node) { text throws(TextProblem) in
                guard let value = UInt8(text), let cause = Q850Cause(rawValue: value) else {
                    throw TextProblem("'\(text)' is no Q.850 cause; write 1 to 127")
                }
                return cause
            }
        }
        return code.map { AnswerPattern(code: $0, words: words, cause: cause) }
    }

    private static func fullCode(
        _ text: String, isQualified: Bool
    ) throws(TextProblem) -> StatusCode {
        guard let value = UInt16(text), let code = StatusCode(rawValue: value),
            (400...699).contains(value)
        else { throw TextProblem("'\(text)' is no SIP answer; write 400 to 699") }
        guard value != 401, value != 407 else {
            throw TextProblem("\(text) is answered with the trunk's credentials; take it out")
        }
        guard isQualified || (value != 486 && value < 600) else {
            throw TextProblem(
                "\(text) alone is the callee's own answer; name the reason or the cause by which "
                    + "the carrier's is known, like {code: \(text), reason: channel limit}")
        }
        return code
    }
}
