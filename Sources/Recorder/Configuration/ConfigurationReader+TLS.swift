internal import SIPAgent
internal import TrunkEvents

extension ConfigurationReader {
    private static let tlsKeys = ["certificate", "key", "ca", "minimum", "verify_clients"]

    /// Certificates and key; `nil` beside a problem, and where no listener speaks TLS.
    mutating func readTLS(_ top: ConfigurationSection) -> TLSSettings? {
        let speaksTLS = listeners.contains { $0.transport == .tls }
        guard let node = top["tls"] else {
            if speaksTLS {
                findings.add(
                    "a tls listener without 'tls'; add 'tls: {certificate: FILE, key: FILE}'",
                    at: top["listen"]?.place ?? .start)
            }
            return nil
        }
        guard let section = findings.section(node, "'tls'", keys: Self.tlsKeys) else { return nil }
        if !speaksTLS {
            findings.add(
                "'tls' without a tls listener; add one to 'listen', e.g. tls://0.0.0.0:5061, "
                    + "or take it out", at: node.place)
        }
        let files = TLSFiles(
            certificate: findings.required("certificate", in: section, example: "pbx1.pem"),
            key: findings.required("key", in: section, example: "pbx1.key"), ca: section["ca"])
        let minimum = findings.text("minimum", in: section).flatMap { node in
            findings.check("minimum", node, Self.minimum)
        }
        let verifies = findings.text("verify_clients", in: section).flatMap { node in
            findings.check("verify_clients", node, Self.flag)
        }
        let certificates = files.certificate.flatMap { contents("certificate", $0) }
        let key = files.key.flatMap { contents("key", $0) }
        guard let certificates, let key else { return nil }
        let settings = TLSSettings(
            certificates: certificates, key: key,
            authorities: files.ca.flatMap { contents("ca", $0) }, minimum: minimum ?? .v12,
            verifiesClients: verifies ?? false, peerNames: peerNames)
        check(settings, files)
        return settings
    }

    private struct TLSFiles {
        var certificate: ConfigurationNode?
        var key: ConfigurationNode?
        var ca: ConfigurationNode?
    }

    private mutating func contents(_ key: String, _ node: ConfigurationNode) -> Octets? {
        findings.single(node, key).flatMap { node in
            findings.check(key, node) { text throws(TextProblem) in
                let path = FilePath.resolve(text, from: directory)
                do throws(FileProblem) {
                    return Octets(try surroundings.contents(path))
                } catch {
                    throw TextProblem("the file \(path) cannot be read: \(error.reason)")
                }
            }
        }
    }

    /// What the files hold must fit together now, not when the first peer connects.
    private mutating func check(_ settings: TLSSettings, _ files: TLSFiles) {
        do throws(TLSProblem) {
            _ = try TLSContexts(settings)
        } catch {
            let (key, node) =
                switch error.part {
                case .certificate: ("certificate", files.certificate)
                case .key: ("key", files.key)
                case .authorities: ("ca", files.ca)
                }
            findings.add(
                "\(key): '\(node?.text ?? "")': \(error.reason)", at: node?.place ?? .start)
        }
    }

    private static func minimum(_ text: String) throws(TextProblem) -> TLSMinimum {
        guard let minimum = TLSMinimum(rawValue: text) else {
            throw TextProblem("'\(text)' is no safe version of TLS; write \"1.2\" or \"1.3\"")
        }
        return minimum
    }

    private static func flag(_ text: String) throws(TextProblem) -> Bool {
        switch text.lowercased() {
        case "yes", "true", "on": true
        case "no", "false", "off": false
        default: throw TextProblem("'\(text)' is neither yes nor no")
        }
    }
}
