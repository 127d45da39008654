import TrunkEvents

/// How a trunk is probed.
struct ProbeSettings: Hashable, Sendable {
    var trunk: TrunkName
    /// Request-URI and To.
    var target: [UInt8]
    /// From: us.
    var from: [UInt8]
    var contact: [UInt8]
    /// Between a good answer and the next probe.
    var interval: Nanoseconds

    /// OPTIONS copies leave at 0, 0.5 and 1.5 s, and at 3.5 s; who has answered none by then is
    /// slow beyond use for a call.
    static let answerWait = Nanoseconds.seconds(4)
    /// After a bad result the next probe comes this soon while the trunk still counts as reachable.
    static let recheckDelay = Nanoseconds.seconds(2)
    /// Bad results in a row that make a trunk unreachable: with three and the two figures above, a
    /// carrier that falls silent is skipped 16 s after the first probe it missed.
    var failuresMax: UInt32
    /// Good results in a row that make it reachable again.
    var successesMin: UInt32
    /// Answers of one that takes no calls now.
    static let refusals: Set<StatusCode> =
        [.code(408), .code(500), .code(502), .code(503), .code(504)]
    /// An unreachable trunk is asked at least this often.
    static let downInterval = Nanoseconds.seconds(30)
    /// An unchanged result is recorded again after this long, so that a look at the log need not go
    /// back further.
    static let repeatInterval = Nanoseconds.seconds(600)

    /// nil for a trunk that is not to be probed.
    init?(_ trunk: TrunkConfiguration, from ownAddress: OwnAddress) {
        guard let interval = trunk.probeInterval else { return nil }
        self.trunk = trunk.name
        target = URIText.sip(user: nil, host: trunk.requestHost)
        let user = trunk.registration?.user.bytes
        from = user.map { URIText.sip(user: $0, host: trunk.domain.bytes) }
            ?? URIText.sip(user: nil, host: ownAddress.hostPort)
        contact = ownAddress.contact(user: user)
        self.interval = max(.seconds(1), interval)
        failuresMax = max(1, trunk.healthLimits.probesDown)
        successesMin = max(1, trunk.healthLimits.probesUp)
    }
}
