import TrunkEvents

/// One side of a dialog (RFC 3261 section 12): what a request inside it must carry, and what a
/// request received inside it is held against.
///
/// The tags and the Call-ID are this dialog's own: a call has two dialogs that share nothing.
struct Dialog: Sendable {
    private var text: DialogText
    /// Whole Route values, first hop first.
    let routeSet: [[UInt8]]
    private(set) var localSequence: UInt32
    /// The log allows CSeqs of ours up to here: after a restart nobody knows how many were used.
    private(set) var reservedSequence: UInt32
    /// `nil` until the peer has sent a request.
    private(set) var remoteSequence: UInt32?
    /// The peer opened the connection that is `flow`, if it is one. Here it costs no room.
    let isCalled: Bool
    /// The listener that the dialog lives on.
    let local: Endpoint
    /// Where the peer's messages come from.
    let flow: Endpoint

    /// As the caller (section 12.1.2): from the INVITE we sent and the 2xx it got.
    init(invite: SIPMessage, response: SIPMessage, local: Endpoint, remote: Endpoint) {
        // A 2xx without Contact breaks section 12.1.1; the address we called is the best guess.
        text = DialogText(
            callID: invite.callID, localTag: invite.from.tag ?? [],
            remoteTag: response.to.tag ?? [], localAddress: invite.first(.from) ?? [],
            remoteAddress: response.first(.to) ?? [],
            remoteTarget: Self.target(response.contact?.uriText ?? invite.requestURI ?? []))
        routeSet = response.recordRoutes.reversed().map { Array($0.text) }
        localSequence = invite.cseq.number
        reservedSequence = localSequence + SequencesReserved.blockLength
        remoteSequence = nil
        self.local = local
        flow = remote
        isCalled = false
    }

    /// As the called side (section 12.1.1): from the INVITE we received and the tag we gave.
    init(invite: SIPMessage, localTag: [UInt8], local: Endpoint, source: Endpoint) {
        var address = Array(invite.first(.to) ?? [])
        if invite.to.tag == nil {
            address.append(";tag=")
            address.append(contentsOf: localTag)
        }
        text = DialogText(
            callID: invite.callID, localTag: localTag[...], remoteTag: invite.from.tag ?? [],
            localAddress: address[...], remoteAddress: invite.first(.from) ?? [],
            remoteTarget: Self.target(invite.contact?.uriText ?? invite.from.uriText))
        routeSet = invite.recordRoutes.map { Array($0.text) }
        localSequence = 0
        reservedSequence = SequencesReserved.blockLength
        remoteSequence = invite.cseq.number
        self.local = local
        flow = source
        isCalled = true
    }

    var callID: Bytes { text[.callID] }
    var localTag: Bytes { text[.localTag] }
    /// Empty where the peer gave none, as RFC 2543 allows.
    var remoteTag: Bytes { text[.remoteTag] }
    /// The From value of our requests, with our tag.
    var localAddress: Bytes { text[.localAddress] }
    /// The To value of our requests, with the peer's tag.
    var remoteAddress: Bytes { text[.remoteAddress] }
    /// The peer's latest Contact, a URI.
    var remoteTarget: Bytes { text[.remoteTarget] }

    /// Whether a request of the peer belongs here (section 12.2.2).
    func matches(_ request: SIPMessage) -> Bool {
        callID.elementsEqual(request.callID)
            && localTag.elementsEqual(request.to.tag ?? [])
            && remoteTag.elementsEqual(request.from.tag ?? [])
    }

    /// Whether a response to a request of ours came from this peer.
    func matches(response: SIPMessage) -> Bool {
        callID.elementsEqual(response.callID)
            && localTag.elementsEqual(response.from.tag ?? [])
            && remoteTag.elementsEqual(response.to.tag ?? [])
    }

    /// Takes note of the peer's CSeq. `false`: it is lower than one seen before, and the request is
    /// refused with 500 (section 12.2.2).
    mutating func accepts(sequence: UInt32) -> Bool {
        if let remoteSequence, sequence < remoteSequence { return false }
        remoteSequence = sequence
        return true
    }

    /// A target refresh (section 12.2.1.2 and 12.2.2): re-INVITE or UPDATE and their 2xx.
    mutating func refreshTarget(from message: SIPMessage) {
        guard let contact = message.contact else { return }
        text.replaceTarget(Self.target(contact.uriText))
    }

    /// The last target refresh that the log knows.
    mutating func restoreTarget(_ uri: [UInt8]) {
        text.replaceTarget(uri[...])
    }

    /// A Request-URI carries no headers (section 19.1.1); a Contact may.
    static func target(_ uri: Bytes) -> Bytes {
        uri.prefix { $0 != UInt8(ascii: "?") || SIPURI(uri)?.headers == nil }
    }

    /// The CSeq of a new request; ACK and CANCEL use that of their INVITE instead.
    mutating func nextSequence() -> UInt32 {
        localSequence += 1
        return localSequence
    }

    /// The requests of an early dialog belong to the confirmed one too.
    mutating func follow(_ early: Dialog) {
        localSequence = max(localSequence, early.localSequence)
        if let sequence = early.remoteSequence { _ = accepts(sequence: sequence) }
    }

    /// After a restart: beyond everything that the log allowed the last process, since a gap is
    /// allowed and a step back is refused with 500 (section 12.2.2).
    ///
    /// - Parameter logged: the last ``SequencesReserved`` of this leg, if there was one.
    mutating func skipSequences(through logged: UInt32? = nil) {
        localSequence = max(logged ?? 0, reservedSequence)
        reservedSequence = localSequence + SequencesReserved.blockLength
    }

    /// `true`: the block was nearly used up, and the next one is to be recorded.
    mutating func reserveSequences() -> Bool {
        guard reservedSequence - localSequence < Self.reserveMargin else { return false }
        reservedSequence += SequencesReserved.blockLength
        return true
    }

    private static let reserveMargin: UInt32 = 1_000
}
