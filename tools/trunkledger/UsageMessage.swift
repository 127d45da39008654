/// What the parser has to say of a wrong command line, in one line that says what was expected.
struct UsageMessage {
    let text: String

    /// What a value looks like, by the name that its option's help gives it.
    private static let looks = [
        "span": "a span looks like 30s, 5m or 1h30m",
        "window": "a window looks like 'sun 02:00-04:00 -05:00' or "
            + "2026-12-06T02:00:00Z/2026-12-06T04:00:00Z",
        "call": "ids look like 0195c1a2b3c00001 (a call's) and pbx1-4711 (a record's)",
    ]

    /// - Parameter message: the parser's own, perhaps of several lines with a list of choices.
    init(_ message: String) {
        let lines = message.split(whereSeparator: \.isNewline).map { line in
            line.drop { $0.isWhitespace }
        }
        let choices = lines.filter { $0.hasPrefix("- ") }.map { $0.dropFirst(2) }
        var said = lines.filter { !$0.hasPrefix("- ") }.joined(separator: " ")
        said = said.replacing(" Please provide one of the following:", with: "")
        if said.hasSuffix(".") { said.removeLast() }
        if !choices.isEmpty { said += "; it is one of \(choices.joined(separator: ", "))" }
        if let match = said.firstMatch(of: /is invalid for '[^']*<([a-z]+)>'$/),
            let looks = Self.looks[String(match.1)]
        {
            said += "; \(looks)"
        }
        text = said
    }
}
