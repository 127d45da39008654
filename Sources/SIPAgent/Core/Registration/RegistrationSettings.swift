import TrunkEvents

/// What a registration needs to know, all but the registrars fixed for the machine's life.
struct RegistrationSettings: Sendable {
    var trunk: TrunkName
    /// Where REGISTERs go: to the first, and to the next where one does not answer. Never empty.
    var registrars: [Endpoint]
    /// The registrar's domain: the Request-URI (RFC 3261 section 10.2).
    var requestURI: [UInt8]
    /// The address of record, in From and To.
    var addressOfRecord: [UInt8]
    /// Whom the carrier shall call at our address: each is a Contact.
    var contactUsers: [[UInt8]]
    /// Where a registrar reaches us depends on where it is.
    private let listeners: OwnListeners
    var credentials: DigestCredentials
    /// The lifetime that we ask for, in seconds.
    var expiresSeconds: UInt32
    /// A REGISTER without final answer after this long counts as unanswered, should its transaction
    /// never say so. Longer than Timer F, which is 64*T1 = 32 s.
    /// Where there is another registrar, the wait is shorter.
    var answerWait: Nanoseconds {
        registrars.count > 1 ? Self.answerWaitWithBackup : .seconds(35)
    }
    /// At shutdown, how long to wait for the answers that still matter.
    var removalWait: Nanoseconds = .seconds(2)

    /// Copies leave at 0, 0.5, 1.5, 3.5 and 7.5 s.
    static let answerWaitWithBackup = Nanoseconds.seconds(8)

    /// nil for a trunk that knows us by our address.
    init?(_ trunk: TrunkConfiguration, from listeners: OwnListeners, registrars: [Endpoint]) {
        guard let registration = trunk.registration else { return nil }
        self.trunk = trunk.name
        self.registrars = registrars
        requestURI = Array("sip:".utf8) + trunk.requestHost
        addressOfRecord = URIText.sip(user: registration.user.bytes, host: trunk.domain.bytes)
        contactUsers = registration.contactUsers.map(\.bytes)
        self.listeners = listeners
        credentials = DigestCredentials(
            username: registration.credentials.user.bytes,
            password: registration.credentials.password.bytes)
        let seconds = registration.expires.count / Nanoseconds.seconds(1).count
        expiresSeconds = UInt32(clamping: max(1, seconds))
    }

    /// Where that registrar shall send our inbound calls: URIs.
    func contacts(for registrar: Endpoint) -> [[UInt8]] {
        let address = listeners.address(towards: registrar)
        return contactUsers.map { address.contact(user: $0) }
    }
}
