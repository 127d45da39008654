import Foundation
import TestSupport

/// What may follow a hostile or odd message: silence, or one of these final answers.
enum ExpectedAnswer: Sendable, CustomStringConvertible {
    case silence
    case codes(Set<Int>)
    case anyClientError
    /// Well formed: whatever the answer is, it does not call the message malformed.
    case anyButMalformed(or: Set<Int>)

    func allows(_ code: Int?) -> Bool {
        guard let code else {
            if case .silence = self { return true }
            return false
        }
        return switch self {
        case .silence: false
        case .codes(let codes): codes.contains(code)
        case .anyClientError: (400...499).contains(code)
        case .anyButMalformed(let others): others.contains(code) || (code != 400 && code != 505)
        }
    }

    var description: String {
        switch self {
        case .silence: "silence"
        case .codes(let codes): codes.sorted().map(String.init).joined(separator: " or ")
        case .anyClientError: "4xx"
        case .anyButMalformed: "anything but 400 and 505"
        }
    }
}

struct TortureMessage: Sendable, CustomStringConvertible {
    let name: String
    let bytes: [UInt8]
    let expected: ExpectedAnswer

    var description: String { name }

    /// RFC 3261 17.2.3 takes two requests of the same Via and method for one: such messages go to
    /// different agents.
    var transactionKey: String {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let via = lines.first { line in
            let name = line.prefix { $0 != ":" }.filter { !$0.isWhitespace }.lowercased()
            return name == "via" || name == "v"
        }
        let host = (via ?? "").replacing(":5060", with: "").filter { !$0.isWhitespace }
        return "\(lines.first?.prefix { $0 != " " } ?? "") \(host)"
    }
}

/// The torture messages of RFC 4475 with the answers that its text allows.
enum TortureCorpus {
    /// nil where the corpus is not beside the package.
    static func load() throws -> [TortureMessage]? {
        guard let folder = Places.shared("corpus/rfc4475") else { return nil }
        let manifest = try String(contentsOfFile: "\(folder)/MANIFEST.tsv", encoding: .utf8)
        var messages: [TortureMessage] = []
        for line in manifest.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            let name = String(fields[0])
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).dat"))
            let expected = fields[4] == "response" ? .silence : expectation(name, fields[2])
            messages.append(TortureMessage(name: name, bytes: Array(data), expected: expected))
            if name == "baddn" {
                // The archive's file lacks the empty line after the header section.
                let ended = Array(data) + Array("\r\n".utf8)
                messages.append(
                    TortureMessage(name: "baddn, ended", bytes: ended, expected: expected))
            }
        }
        return messages
    }

    /// The manifest's `expected` column names codes, `accept`, `4xx` or `drop`.
    static func expectation(_ name: String, _ column: some StringProtocol) -> ExpectedAnswer {
        if column == "drop" { return .silence }
        if column.contains("4xx") { return .anyClientError }
        var codes = Set(
            column.split { !$0.isNumber }.filter { $0.count == 3 }.compactMap { Int($0) })
        // We relay calls without a look at bodies: a body or an Accept that a terminal would refuse
        // is the far end's to judge, and these numbers have no route.
        if ["invut", "sdp01"].contains(name) { codes.insert(404) }
        return column.contains("accept") ? .anyButMalformed(or: codes) : .codes(codes)
    }
}
