internal import SIPAgent
internal import TrunkEvents

extension ConfigurationReader {
    private static let dialerKeys = [
        "name", "match", "auth", "auth_digests", "contact", "reference", "caller_id",
        "transfers",
    ]

    mutating func readDialer(_ node: ConfigurationNode) {
        let keys = Self.dialerKeys + Self.callKeys
        guard let section = findings.section(node, "a dialer", keys: keys) else { return }
        let nameNode = findings.required("name", in: section, example: "vicidial")
        let name = nameNode.flatMap { self.name($0, "name") }
        if let name, let nameNode, !dialerNames.insert(name.description).inserted {
            findings.add("a second dialer named '\(name)'; rename one", at: nameNode.place)
        }
        if section["match"] == nil {
            _ = findings.required("match", in: section, example: "[127.0.0.2]")
        }
        let ranges = sources(section)
        let credentials = readCredentials(section)
        let digests = readDigests(section)
        let contact = readContact(section)
        let reference = readReference(section)
        let calls = readCalls(section)
        let callerSources = readCallerSources(section)
        let transfersHere = readTransfers(section)
        guard let name else { return }
        claim(ranges, for: "dialer '\(name)'")
        // Said already; nobody should be told besides that there is none.
        if contact == nil, section["contact"] != nil { return }
        var dialer = DialerConfiguration(
            name: name, sources: ranges.map(\.value), credentials: credentials,
            digests: digests, contact: contact, reference: reference,
            callerSources: callerSources, calls: calls)
        dialer.transfersHere = transfersHere
        dialers.append(Located(value: dialer, place: section.place))
    }

    private mutating func readTransfers(_ section: ConfigurationSection) -> Bool {
        guard let node = findings.text("transfers", in: section) else { return false }
        return findings.check("transfers", node) { text throws(TextProblem) in
            switch text {
            case "here": return true
            case "pass": return false
            default: throw TextProblem("'\(text)' is unknown; write here or pass")
            }
        } ?? false
    }

    private mutating func readCredentials(_ section: ConfigurationSection) -> Credentials? {
        guard let node = findings.text("auth", in: section) else { return nil }
        return findings.check("auth", node) { text throws(TextProblem) in
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw TextProblem("no user and secret; write it like user:secret")
            }
            let secret = try SecretText.expand(
                String(parts[1]), directory: directory, surroundings: surroundings)
            return Credentials(user: Octets(parts[0]), password: secret)
        }
    }

    /// Old Asterisk reads one challenge, and MD5 only.
    private mutating func readDigests(_ section: ConfigurationSection) -> Set<DialerDigest> {
        guard let list = section["auth_digests"] else { return [.md5] }
        if section["auth"] == nil {
            findings.add("'auth_digests' without 'auth'; add it or take this out", at: list.place)
        }
        let digests = findings.texts("auth_digests", in: section).compactMap { node in
            choice("auth_digests", node, of: "digests") as DialerDigest?
        }
        return digests.isEmpty ? [.md5] : Set(digests)
    }

    private mutating func readContact(_ section: ConfigurationSection) -> Endpoint? {
        guard let node = findings.text("contact", in: section),
            let target = findings.check("contact", node, SIPTargetText.init)
        else { return nil }
        return endpoint(target.place, target.transport, at: node.place)
    }

    private mutating func readReference(_ section: ConfigurationSection) -> DialerReference {
        guard let node = findings.text("reference", in: section), let text = node.text else {
            return .none
        }
        if text == "from_display" { return .fromDisplay }
        let isNear = TextDistance.nearest(to: text, among: ["from_display"]) != nil
        guard !isNear, text.utf8.allSatisfy(Self.isTokenByte) else {
            findings.add(
                "'\(text)' is no place for a reference; write from_display or a header's name",
                at: node.place)
            return .none
        }
        return .header(Octets(text))
    }

    /// RFC 3261 section 25.1: what a header's name is made of.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-.!%*_+`'~".utf8.contains(byte)
        }
    }
}
