import TestSupport

/// Messages of our own for the classes of RFC 4475, so that a clone without the corpus checks them.
enum OwnTortureMessages {
    static let all: [TortureMessage] = wellFormed + malformed + refused + dropped

    private static let wellFormed = [
        make("folded header lines", .anyButMalformed(or: [])) { lines in
            lines.replace("Subject", "Subject: folded\r\n over\r\n\tthree lines")
        },
        make("compact names and space before colons", .anyButMalformed(or: [])) { lines in
            lines.rename("From", "f ").rename("To", "t\t").rename("Call-ID", "i")
                .rename("Via", "v")
        },
        make("escaped user part", .anyButMalformed(or: [])) { lines in
            lines.start("INVITE sip:%75ser%00;x=1%40y@example.com SIP/2.0")
        },
        make("no space before the angle bracket", .anyButMalformed(or: [])) { lines in
            lines.replace("From", "From: caller<sip:a@example.com>;tag=1")
        },
        make("long values", .anyButMalformed(or: [])) { lines in
            let word = String(repeating: "long", count: 400)
            return lines.replace("Subject", "X-\(word.prefix(300)): \(word)")
                .replace("Call-ID", "Call-ID: \(word)")
        },
        make("octets after the body", .anyButMalformed(or: [])) { lines in
            lines.body("", length: "0", trailing: "INVITE sip:+12125500001@x SIP/2.0\r\n\r\n")
        },
        make("vias of other transports", .anyButMalformed(or: [])) { lines in
            lines.replace(
                "Subject", "Via: SIP/2.0/SCTP s.example.com;branch=z9hG4bK2, SIP/2.0/NEW n")
        },
        make("body with NUL octets", .anyButMalformed(or: [])) { lines in
            lines.body("a\0b\0\r\n\r\nc", length: "9", trailing: "")
        },
        make("unknown method", .codes([405, 501])) { lines in
            lines.start("!odd-Method_*+`.%indeed'~ sip:a@example.com SIP/2.0")
                .replace("CSeq", "CSeq: 0009 !odd-Method_*+`.%indeed'~")
        },
        make("old caller without branch", .anyButMalformed(or: [])) { lines in
            lines.replace("Via", "Via: SIP/2.0/UDP old.example.com")
                .replace("From", "From: <sip:a@example.com>").drop("Max-Forwards")
        },
    ]

    private static let malformed = [
        make("empty Via parameters", .codes([400])) { lines in
            lines.replace("Via", "Via: SIP/2.0/UDP 192.0.2.15;;,;,,")
        },
        make("Content-Length beyond the datagram", .codes([400])) { lines in
            lines.body("v=0\r\n", length: "9999", trailing: "")
        },
        make("negative Content-Length", .anyClientError) { lines in
            lines.body("v=0\r\n", length: "-999", trailing: "")
        },
        make("two Content-Lengths", .anyClientError) { lines in
            lines.body("v=0\r\n", length: "5\r\nContent-Length: 8", trailing: "")
        },
        make("CSeq out of range", .codes([400])) { lines in
            lines.replace("CSeq", "CSeq: 36893488147419103232 INVITE")
        },
        make("unterminated quote", .codes([400])) { lines in
            lines.replace("To", "To: \"Mr. J. User <sip:b@example.com>")
        },
        make("CSeq of another method", .codes([400])) { lines in
            lines.replace("CSeq", "CSeq: 8 OPTIONS")
        },
        make("no To, From or Call-ID", .codes([400])) { lines in
            lines.drop("To").drop("From").drop("Call-ID")
        },
        make("two of each", .codes([400])) { lines in
            lines.replace("CSeq", "CSeq: 1 INVITE\r\nCSeq: 2 INVITE")
                .replace("From", "From: <sip:a@x.org>;tag=1\r\nFrom: <sip:b@x.org>;tag=2")
        },
        make("space in the Request-URI", .anyButMalformed(or: [400])) { lines in
            lines.start("INVITE sip:a@example.com; lr SIP/2.0")
        },
        make("brackets around the Request-URI", .anyButMalformed(or: [400])) { lines in
            lines.start("INVITE <sip:a@example.com> SIP/2.0")
        },
    ]

    private static let refused = [
        make("version 7.0", .codes([505])) { lines in
            lines.start("INVITE sip:a@example.com SIP/7.0")
        },
        make("unknown scheme", .codes([416])) { lines in
            lines.start("INVITE unheardof:a@example.com SIP/2.0")
        },
        make("unknown extension required", .codes([420])) { lines in
            lines.replace("Subject", "Require: nothingSupportsThis")
        },
    ]

    private static let dropped = [
        raw("status code beyond 32 bits", "SIP/2.0 4294967301 better not break the receiver"),
        raw("answer nobody asked for", "SIP/2.0 200 OK"),
        TortureMessage(name: "one octet", bytes: [0], expected: .silence),
        TortureMessage(name: "line ends only", bytes: Array("\r\n\r\n".utf8), expected: .silence),
        TortureMessage(
            name: "binary", bytes: (0..<1_400).map { UInt8($0 & 0xff) }, expected: .silence),
    ]

    private static func make(
        _ name: String, _ expected: ExpectedAnswer, _ change: (TortureLines) -> TortureLines
    ) -> TortureMessage {
        let text = change(TortureLines(name)).text
        return TortureMessage(name: "own: \(name)", bytes: Array(text.utf8), expected: expected)
    }

    private static func raw(_ name: String, _ start: String) -> TortureMessage {
        make(name, .silence) { $0.start(start) }
    }
}

/// A plain INVITE, line by line, to be spoiled.
struct TortureLines {
    private var first = "INVITE sip:user@example.com SIP/2.0"
    private var headers: [(name: String, line: String)]
    private var body = ""

    init(_ name: String) {
        let key = name.filter(\.isLetter)
        headers = [
            ("Via", "Via: SIP/2.0/UDP \(key).example.com;branch=z9hG4bK\(key)"),
            ("Max-Forwards", "Max-Forwards: 70"),
            ("From", "From: <sip:a@example.com>;tag=1"), ("To", "To: <sip:user@example.com>"),
            ("Call-ID", "Call-ID: \(key)@own"), ("CSeq", "CSeq: 1 INVITE"),
            ("Contact", "Contact: <sip:a@127.0.0.2>"), ("Subject", "Subject: plain"),
            ("Content-Length", "Content-Length: 0"),
        ]
    }

    var text: String {
        ([first] + headers.map(\.line)).joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    func start(_ line: String) -> Self { with { $0.first = line } }

    func replace(_ name: String, _ line: String) -> Self {
        with { copy in
            for index in copy.headers.indices where copy.headers[index].name == name {
                copy.headers[index].line = line
            }
        }
    }

    func rename(_ name: String, _ other: String) -> Self {
        let line = headers.first { $0.name == name }?.line ?? ""
        return replace(name, other + line.dropFirst(name.count))
    }

    func drop(_ name: String) -> Self { with { $0.headers.removeAll { $0.name == name } } }

    func body(_ text: String, length: String, trailing: String) -> Self {
        replace("Content-Length", "Content-Length: \(length)").with { $0.body = text + trailing }
    }

    private func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}
