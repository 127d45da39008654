internal import TrunkEvents

/// A configuration of ours, made of what an Asterisk's says of carriers.
///
/// What Asterisk does not know (the number of channels, where this machine is reached) is marked
/// `# check`: the result is a beginning, and `config check` accepts it.
public struct AsteriskImport {
    /// `file:line: what was not taken over, and why`.
    public private(set) var remarks: [String] = []
    private var trunks: [ImportedTrunk] = []

    public init() {}

    public var isEmpty: Bool { trunks.isEmpty }

    /// Takes over a `sip.conf`, a `pjsip.conf`, or VICIdial's entries of a carrier.
    public mutating func add(_ path: String) throws(ConfigurationError) {
        add(try RecorderConfiguration.text(of: path), file: path)
    }

    mutating func add(_ text: String, file: String) {
        let asterisk = AsteriskFile(text)
        let found =
            PJSIPImport.isMeant(by: asterisk)
            ? PJSIPImport(asterisk).found : ChanSIPImport(asterisk).found
        for var trunk in found.trunks {
            if trunk.text.contains(";transport=tls") {
                remarks.append(
                    "\(file): '\(trunk.name)' speaks TLS: add a tls:// listener and a 'tls' part")
            }
            trunk.name = free(trunk.name)
            trunks.append(trunk)
        }
        let includes = asterisk.includes.map {
            ImportRemark(
                line: $0.line, message: "'\($0.value)' is not read; give it with --asterisk")
        }
        remarks += (found.remarks + includes).sorted { $0.line < $1.line }
            .map { "\(file):\($0.line): \($0.message)" }
    }

    /// A name that no trunk has yet, and that is short enough.
    private func free(_ name: String) -> String {
        let short = String(name.prefix(ShortName.byteCountMax - 4))
        let names = [short] + (2...999).map { "\(short)-\($0)" }
        return names.first { name in !trunks.contains { $0.name == name } } ?? short
    }

    public var yaml: String {
        """
        node: \(Self.quoted("pbx1"))   # names this recorder in call records
        ledger: /var/lib/trunkledger
        listen: [\(listeners)]   # check: where dialer and carriers reach us
        dialers:
          - name: asterisk
            match: [127.0.0.1]   # check: where its calls come from
            contact: sip:127.0.0.1:5060   # check: where it takes inbound calls
        carriers:
        \(trunks.map(Self.carrier).joined(separator: "\n"))
        routes:
          - prefix: ""   # check: every number; the trunks in this order
            trunks: [\(trunks.map { Self.quoted($0.name) }.joined(separator: ", "))]

        """
    }

    private var listeners: String {
        let usesTCP = trunks.contains { $0.text.contains(";transport=tcp") }
        return "\"udp://127.0.0.1:5062\"" + (usesTCP ? ", \"tcp://127.0.0.1:5062\"" : "")
    }

    private static func carrier(_ trunk: ImportedTrunk) -> String {
        var lines = [
            "  - name: \(quoted(trunk.name))", "    trunks:", "      - name: \(quoted(trunk.name))",
        ]
        switch trunk.way {
        case .register(let text): lines.append("        register: \(quoted(text))")
        case .address(let text): lines.append("        address: \(quoted(text))")
        }
        if let proxy = trunk.outboundProxy {
            lines.append("        outbound_proxy: \(quoted(SIPURIText(proxy).target))")
        }
        if !trunk.match.isEmpty {
            lines.append("        match: [\(trunk.match.map(quoted).joined(separator: ", "))]")
        }
        lines.append(
            trunk.channels.map { "        channels: \($0)" }
                ?? "        channels: 30   # check: how many you rent; Asterisk does not say")
        return lines.joined(separator: "\n")
    }

    /// A text as YAML reads it back whatever it holds.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

extension SIPURIText {
    /// Without a user: where requests are sent.
    fileprivate var target: String { "sip:\(hostPort)\(transport)" }
}
