internal import SIPAgent
internal import TrunkEvents

/// A registration as Asterisk and VICIdial write it, taken apart but not yet looked up:
/// `[transport://]user[@domain][:secret[:authuser]]@host[:port][;transport=T][/contact][~expiry]`.
///
/// The last `@` parts us from the registrar, so that a secret may hold one. No message repeats the
/// string: it holds the secret.
struct RegistrationString: Hashable {
    static let expirySecondsRange: ClosedRange<UInt32> = 60...86_400

    var user: String
    /// The host part of the address of record, where it is not the registrar's.
    var domain: String?
    /// As written; see ``SecretText``.
    var secret: String?
    /// The user name of the digest, where it is not `user`.
    var authUser: String?
    var registrar: HostPort
    var written = ServerName.Transport.any
    /// The user part that the carrier shall call us by.
    var contact: String?
    var expirySeconds: UInt32?

    init(_ text: String) throws(TextProblem) {
        var rest = Substring(text)
        if let scheme = rest.firstRange(of: "://"), !rest[..<scheme.lowerBound].contains(":") {
            written = .exactly(try TransportText.parse(rest[..<scheme.lowerBound]))
            rest = rest[scheme.upperBound...]
        }
        guard let at = rest.lastIndex(of: "@") else {
            throw TextProblem(
                "this is no registration string; write it like user:secret@host:port")
        }
        var far = rest[rest.index(after: at)...]
        if let tilde = far.lastIndex(of: "~") {
            expirySeconds = try QuantityText.count(
                String(far[far.index(after: tilde)...]), in: Self.expirySecondsRange)
            far = far[..<tilde]
        }
        if let slash = far.firstIndex(of: "/") {
            let text = String(far[far.index(after: slash)...])
            guard !text.isEmpty else {
                throw TextProblem("nothing follows the slash; write the contact, or no slash")
            }
            contact = try Self.contact(text)
            far = far[..<slash]
        }
        if let semicolon = far.firstIndex(of: ";") {
            let words = far[far.index(after: semicolon)...].split(separator: "=", maxSplits: 1)
            guard words.count == 2, words[0].lowercased() == "transport" else {
                throw TextProblem("after the registrar's port only ;transport=tcp may stand")
            }
            written = .exactly(try TransportText.parse(words[1]))
            far = far[..<semicolon]
        }
        registrar = try HostPort(far)
        let near = Self.Identity(rest[..<at])
        (user, domain, secret, authUser) = (near.user, near.domain, near.secret, near.authUser)
        guard !user.isEmpty else {
            throw TextProblem("no user stands before the secret; write user:secret@host:port")
        }
        guard authUser?.contains(":") != true else {
            throw TextProblem(
                "too many colons before the host; a secret with a colon goes into ${NAME}")
        }
    }

    /// The user part of a Contact, as it is written.
    static func contact(_ text: String) throws(TextProblem) -> String {
        let isUser = text.utf8.allSatisfy {
            (0x21...0x7E).contains($0) && !"@:;/".utf8.contains($0)
        }
        guard isUser, !text.isEmpty else {
            throw TextProblem("'\(text)' is no user part; write only what stands before the @")
        }
        return text
    }

    var transport: TransportProtocol { written.assumed }

    /// What stands before the registrar's `@`.
    private struct Identity {
        var user: String
        var domain: String?
        var secret: String?
        var authUser: String?

        init(_ text: Substring) {
            let fields = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let address = fields[0].split(
                separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
            user = String(address[0])
            domain = address.count > 1 ? String(address[1]) : nil
            guard fields.count > 1 else { return }
            // `file:` belongs to the secret, although it holds a colon.
            let isFile = fields[1].hasPrefix("file:")
            let body = isFile ? fields[1].dropFirst(5) : fields[1]
            let parts = body.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            secret = (isFile ? "file:" : "") + parts[0]
            authUser = parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : nil
        }
    }
}
