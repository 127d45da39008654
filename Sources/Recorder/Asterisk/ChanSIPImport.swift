/// The carriers of a `sip.conf`, and of a VICIdial carrier's *Account Entry* and *Registration
/// String*, which are parts of one.
struct ChanSIPImport {
    private(set) var found = ImportedTrunks()
    /// Registrations that no peer has taken yet.
    private var registrations: [(text: String, string: RegistrationString, line: Int)] = []

    init(_ file: AsteriskFile) {
        for section in file.sections { readRegistrations(section) }
        for section in file.sections where !section.isTemplate && section.name != "general" {
            readPeer(section)
        }
        for (text, string, _) in registrations {
            found.trunks.append(
                ImportedTrunk(name: string.registrar.host, way: .register(text)))
        }
    }

    /// `register => [peer?]user:secret:authuser@host:port/contact~expiry`.
    private mutating func readRegistrations(_ section: AsteriskFile.Section) {
        for entry in section.all("register") {
            var text = entry.value
            if let mark = text.firstIndex(of: "?"),
                text[..<mark].allSatisfy({ $0.isLetter || $0.isNumber || "-_".contains($0) })
            {
                text = String(text[text.index(after: mark)...])
            }
            do throws(TextProblem) {
                let string = try RegistrationString(text)
                registrations.append((text, string, entry.line))
            } catch {
                found.remark(entry.line, "this registration is left out: \(error.message)")
            }
        }
    }

    private mutating func readPeer(_ section: AsteriskFile.Section) {
        guard let type = section["type"], ["peer", "friend"].contains(type.lowercased()) else {
            return
        }
        guard let host = section["host"] else { return }
        guard host.lowercased() != "dynamic" else {
            return found.remark(
                section.line, "[\(section.name)] registers with Asterisk: a phone, no carrier")
        }
        let user = section["defaultuser"] ?? section["username"] ?? section["fromuser"]
        var trunk = ImportedTrunk(
            name: section.name, way: .address(Self.address(host, section)),
            channels: section["call-limit"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil })
        if let index = registration(at: host, of: user) {
            trunk.way = .register(registrations.remove(at: index).text)
        } else if section["secret"] != nil {
            found.remark(
                section.line,
                "[\(section.name)] has a secret but no registration; where the carrier asks for a "
                    + "password, write 'register: USER:SECRET@\(host)' in place of 'address'")
        }
        trunk.outboundProxy = section["outboundproxy"]
        found.trunks.append(trunk)
    }

    /// Two accounts with one carrier are told apart by their users.
    private func registration(at host: String, of user: String?) -> Int? {
        let there = registrations.indices.filter {
            registrations[$0].string.registrar.host.lowercased() == host.lowercased()
        }
        return there.first { registrations[$0].string.user == user } ?? there.first
    }

    private static func address(_ host: String, _ section: AsteriskFile.Section) -> String {
        let transport = section["transport"]?.split(separator: ",").first
        let port = section["port"].map { ":\($0)" } ?? ""
        let suffix = transport.flatMap { $0 == "udp" ? nil : ";transport=\($0)" } ?? ""
        return "sip:\(host)\(port)\(suffix)"
    }
}
