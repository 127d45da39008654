/// The carriers of a `pjsip.conf`: objects of several types that name each other.
struct PJSIPImport {
    private(set) var found = ImportedTrunks()
    private let sections: [AsteriskFile.Section]
    private var registeredHosts: Set<String> = []

    /// Whether a file is one: `type=endpoint`, `aor` and so on are in no `sip.conf`.
    static func isMeant(by file: AsteriskFile) -> Bool {
        let types = ["endpoint", "aor", "auth", "registration", "identify", "transport"]
        return file.sections.contains { types.contains($0["type"]?.lowercased() ?? "") }
    }

    init(_ file: AsteriskFile) {
        sections = file.sections.filter { !$0.isTemplate }
        for section in sections(of: "registration") { readRegistration(section) }
        for section in sections(of: "endpoint") { readEndpoint(section) }
    }

    private func sections(of type: String) -> [AsteriskFile.Section] {
        sections.filter { $0["type"]?.lowercased() == type }
    }

    private func section(_ type: String, named name: String?) -> AsteriskFile.Section? {
        name.flatMap { name in sections(of: type).first { $0.name == name } }
    }

    private mutating func readRegistration(_ section: AsteriskFile.Section) {
        guard let server = section["server_uri"].map(SIPURIText.init),
            let client = section["client_uri"].map(SIPURIText.init), !client.user.isEmpty
        else {
            return found.remark(
                section.line, "[\(section.name)] lacks server_uri or client_uri; left out")
        }
        let auth = self.section("auth", named: section["outbound_auth"])
        var text = client.user
        if client.host != server.host { text += "@\(client.host)" }
        if let secret = auth?["password"] {
            text += ":" + (secret.contains(":") ? secretVariable(section) : secret)
            if let user = auth?["username"], user != client.user { text += ":\(user)" }
        }
        text += "@\(server.hostPort)" + server.transport
        if let contact = section["contact_user"] { text += "/\(contact)" }
        if let expiry = section["expiration"] { text += "~\(expiry)" }
        do throws(TextProblem) {
            _ = try RegistrationString(text)
        } catch {
            return found.remark(
                section.line, "[\(section.name)] is left out: \(error.message)")
        }
        registeredHosts.insert(server.host)
        found.trunks.append(
            ImportedTrunk(
                name: section["endpoint"] ?? section.name, way: .register(text),
                match: matches(of: section["endpoint"]),
                outboundProxy: section["outbound_proxy"]))
    }

    /// In a registration string a colon would end the secret.
    private mutating func secretVariable(_ section: AsteriskFile.Section) -> String {
        let letters = section.name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" }
        let name = String(letters) + "_SECRET"
        found.remark(
            section.line,
            "the password of [\(section.name)] has a colon: put it into the environment as \(name)")
        return "${\(name)}"
    }

    private mutating func readEndpoint(_ section: AsteriskFile.Section) {
        let aors = section["aors"]?.split(separator: ",").map { String(AsteriskFile.trimmed($0)) }
        let contacts = (aors ?? [section.name]).compactMap {
            self.section("aor", named: $0)?["contact"]
        }
        guard let contact = contacts.first.map(SIPURIText.init) else {
            return found.remark(
                section.line, "[\(section.name)] has no fixed contact: a phone, no carrier")
        }
        if registeredHosts.contains(contact.host) { return }
        found.trunks.append(
            ImportedTrunk(
                name: section.name, way: .address("sip:\(contact.hostPort)\(contact.transport)"),
                match: matches(of: section.name), outboundProxy: section["outbound_proxy"]))
    }

    /// Addresses only: names are what the trunk itself is located by.
    private func matches(of endpoint: String?) -> [String] {
        guard let endpoint else { return [] }
        return sections(of: "identify").filter { $0["endpoint"] == endpoint }
            .flatMap { $0.all("match") }
            .flatMap { $0.value.split(separator: ",").map { String(AsteriskFile.trimmed($0)) } }
            .filter { ((try? AddressRangeText.parse($0)) ?? nil) != nil }
    }
}

/// `sip:user@host:port;transport=tcp`, as far as a trunk needs it.
struct SIPURIText: Hashable {
    var user = ""
    var hostPort: String
    /// `;transport=tcp`, or nothing.
    var transport = ""

    init(_ text: String) {
        var rest = AsteriskFile.trimmed(text)
        // What goes through a loose router is escaped so.
        rest = Substring(rest.replacing("\\;", with: ";"))
        let isSecure = rest.lowercased().hasPrefix("sips:")
        if let colon = rest.firstIndex(of: ":"), isSecure || rest.lowercased().hasPrefix("sip:") {
            rest = rest[rest.index(after: colon)...]
        }
        let parts = rest.split(separator: ";")
        let address = parts.first ?? ""
        if let at = address.lastIndex(of: "@") {
            user = String(address[..<at])
            hostPort = String(address[address.index(after: at)...])
        } else {
            hostPort = String(address)
        }
        let named = parts.dropFirst().first { $0.lowercased().hasPrefix("transport=") }
        transport = named.map { ";\($0.lowercased())" } ?? (isSecure ? ";transport=tls" : "")
    }

    var host: String {
        let text = hostPort
        if text.hasPrefix("["), let close = text.firstIndex(of: "]") {
            return String(text[...close])
        }
        return String(text.prefix { $0 != ":" })
    }
}
