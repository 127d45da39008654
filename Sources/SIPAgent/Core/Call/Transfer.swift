import TrunkEvents

/// A REFER of a dialer that is carried out here (RFC 3515): a call to the new callee is placed in
/// the dialer's name, without an offer, and the side that stays answers the callee's (RFC 3725
/// section 4.1). That side's leg then is the new call's caller, and the dialer is let go. An
/// attended transfer (RFC 3891) names a call that the dialer has with the callee already, who is
/// asked for an offer there.
///
/// ```
///  (REFER) --> calling --2xx of the callee--> connecting --2xx of the side that stays--> joined
///                 |                               |
///                 +-------- 3xx-6xx, silence -----+--> as before the REFER
/// ```
/// The dialer is told with NOTIFY how it goes. It may hang up meanwhile: then a transfer that fails
/// ends the call.
struct Transfer: Sendable {
    /// Who asked for it, and leaves.
    let transferor: Call.LegID
    /// The call that it led to.
    let call: CallID
    /// The value of Event.
    let event: [UInt8]
    /// The callee's 2xx.
    var offer: SIPMessage?
    /// When that is passed on, after something was in its way.
    var retryAt: MonotonicInstant?
    var lastTold = StatusCode.code(100)
}

/// What a call has to do with transfers.
struct Transfers: Sendable {
    /// Of one of its sides.
    var current: Transfer?
    /// Whether one was asked for before.
    var hasBegun = false
    /// The caller's place in this answered call is asked for: an attended transfer of another.
    var replacement: Referral?
}

extension Call {
    var transfer: Transfer? {
        get { transfers?.current }
        set {
            if transfers != nil || newValue != nil {
                transfers = transfers ?? Transfers()
                transfers?.current = newValue
            }
        }
    }

    var replacement: Referral? {
        get { transfers?.replacement }
        set {
            if transfers != nil || newValue != nil {
                transfers = transfers ?? Transfers()
                transfers?.replacement = newValue
            }
        }
    }

    /// The dialer on a leg, if it is who asks: a transfer is a call at its expense, and the tags of
    /// a dialog alone do not pay for that. `nil` where a trunk is.
    func dialer(
        on id: LegID, asking source: Endpoint, _ board: borrowing Switchboard
    ) -> DialerConfiguration? {
        guard channel(of: id) == nil, let flow = self[id]?.dialog.flow,
            case .dialer(let dialer) = board.directory.peer(at: flow),
            case .dialer(let asking) = board.directory.peer(at: source),
            asking.name == dialer.name
        else { return nil }
        return dialer
    }

    /// Who asked for the transfer has hung up meanwhile.
    func hasLeft(_ id: LegID) -> Bool { transfer?.transferor == id && self[id]?.isOpen != true }

    /// Nobody is on that side: not yet, or not any more.
    func isAbsent(_ id: LegID) -> Bool {
        if id == .caller, case .referred = caller.state { return true }
        return hasLeft(id)
    }

    mutating func carryOut(
        _ refer: SIPMessage, for dialer: DialerConfiguration, on id: LegID,
        _ transaction: ServerTransactionID, from source: Endpoint,
        replacing replaced: ReplacedCall?, _ board: inout Switchboard
    ) {
        guard transfer == nil, replacement == nil, !isEnded, var leg = self[id] else {
            board.respond(transaction, to: refer, from: source, status: 491)
            return
        }
        guard let target = refer.first(.referTo).flatMap(NameAddress.init) else {
            board.respond(transaction, to: refer, from: source, status: 400)
            return
        }
        let referral = Referral(call: self.id, leaving: party(id))
        let isAttended = target.uri?.headers != nil
        let callee =
            isAttended
            ? askFor(replaced, referral, &board)
            : placeCall(asIn: refer, to: target, for: dialer, leg, referral, &board)
        guard let callee else {
            board.respond(transaction, to: refer, from: source, status: 603)
            return
        }
        board.reserveSequences(of: &leg, home(of: id))
        self[id] = leg
        transfer = Transfer(transferor: id, call: callee, event: nextEvent(for: refer))
        var writer = MessageWriter(responseTo: refer, status: 202, source: source)
        writer.ownHeaders(contact: board.directory.contact(leg.dialog.local))
        board.respond(transaction, writer.finish(), status: .code(202), gate: .end)
        notify(.code(100), isLast: false, &board)
    }

    /// Places a call in the dialer's name; answers its id.
    private func placeCall(
        asIn refer: SIPMessage, to target: NameAddress, for dialer: DialerConfiguration,
        _ leg: Leg, _ referral: Referral, _ board: inout Switchboard
    ) -> CallID? {
        let number = Switchboard.user(in: target.uriText)
        guard !number.isEmpty,
            let invite = board.invite(inPlaceOf: refer, to: number, leg.dialog)
        else { return nil }
        let caller = CallerLeg(
            invite: invite, source: leg.dialog.flow, listener: leg.dialog.local,
            localTag: board.entropy.tag(), state: .referred(referral))
        let new = Call.place(caller, for: dialer, &board)
        // Before what it may have told already.
        board.mail.insert(.place(new), at: 0)
        return new.id
    }

    /// An attended transfer: the dialer has called the callee before.
    private func askFor(
        _ replaced: ReplacedCall?, _ referral: Referral, _ board: inout Switchboard
    ) -> CallID? {
        guard let replaced, replaced.isOutbound, replaced.id != id else { return nil }
        board.tell(replaced.id, .replaced(referral))
        return replaced.id
    }

    /// Only the first REFER of a dialog need not be named (RFC 3515 section 2.4.6).
    private mutating func nextEvent(for refer: SIPMessage) -> [UInt8] {
        transfers = transfers ?? Transfers()
        defer { transfers?.hasBegun = true }
        guard transfers?.hasBegun == true else { return [UInt8]("refer") }
        var writer = MessageWriter(capacity: 24)
        writer.append("refer;id=")
        writer.append(refer.cseq.number)
        return writer.bytes
    }

    // MARK: What the new call tells

    mutating func transferProgressed(_ status: StatusCode, _ board: inout Switchboard) {
        guard let transfer, transfer.lastTold != status else { return }
        self.transfer?.lastTold = status
        notify(status, isLast: false, &board)
    }

    mutating func transferAnswered(_ offer: SIPMessage, _ board: inout Switchboard) {
        transfer?.offer = offer
        transfer?.retryAt = board.now.monotonic
        transferIsDue(&board)
    }

    /// Where the side that stays has been asked to talk to the new callee, nobody else is left.
    mutating func transferFailed(_ status: StatusCode, _ board: inout Switchboard) {
        guard let transfer else { return }
        self.transfer = nil
        let isConnecting = legRequests.contains { $0.purpose == .transfer }
        guard isConnecting || self[transfer.transferor]?.isOpen != true else {
            notify(status, on: transfer, isLast: false, isOver: true, &board)
            return
        }
        recordBoundsOfEnd(&board)
        end(by: side(of: transfer.transferor), .bye, cause: .normalClearing, &board)
    }

    // MARK: The side that stays

    private static let retrySpan = Nanoseconds.milliseconds(200)

    /// Passes the callee's offer on, unless another offer is on its way.
    mutating func transferIsDue(_ board: inout Switchboard) {
        guard let transfer, let retryAt = transfer.retryAt, retryAt <= board.now.monotonic,
            let offer = transfer.offer, let stays = peer(of: transfer.transferor),
            var leg = self[stays]
        else { return }
        if isChangingSession || leg.sentAnswer != nil {
            self.transfer?.retryAt = board.now.monotonic.advanced(by: Self.retrySpan)
            return
        }
        self.transfer?.retryAt = nil
        board.reserveSequences(of: &leg, home(of: stays))
        self[stays] = leg
        let contact = board.directory.contact(leg.dialog.local)
        send(
            .invite, on: stays, for: .transfer, gate: .end, &board,
            write: { writer in
                writer.ownHeaders(contact: contact)
                writer.request(leg.timer)
            }, passing: offer)
    }

    /// An offer of either side, or of our own, is on its way.
    var isChangingSession: Bool {
        modification != nil || relays.contains(where: \.isOffer)
            || legRequests.contains(where: \.isReinvite)
    }

    /// `nil`: no answer came in time.
    mutating func transferAnswered(
        _ request: LegRequest, _ response: SIPMessage?, _ board: inout Switchboard
    ) {
        guard var leg = self[request.leg] else { return }
        let status = response.map { StatusCode($0) } ?? .code(408)
        if let response, status.isSuccess {
            acknowledgeRefresh(request, response, &leg, &board)
            self[request.leg] = leg
            guard !isEnded, let transfer, let offer = transfer.offer else { return }
            renewTimer(of: request.leg, offer: offer, answer: response, &board)
            handOver(request.leg, transfer, response, &board)
        } else if status == .code(491) {
            transfer?.retryAt = board.now.monotonic.advanced(by: Self.retrySpan * 5)
        } else if status.deniesDialog {
            peerIsGone(request.leg, &board)
        } else {
            transferRefused(status, &board)
        }
    }

    private mutating func transferRefused(_ status: StatusCode, _ board: inout Switchboard) {
        guard let transfer else { return }
        board.tell(transfer.call, .abandoned(.normalClearing))
        transferFailed(status, &board)
    }

    private mutating func renewTimer(
        of id: LegID, offer: SIPMessage, answer: SIPMessage, _ board: inout Switchboard
    ) {
        guard let timer = self[id]?.timer else { return }
        let renewed = SessionTimer(
            answeredWith: answer, session: offer.body, minimum: timer.minimum, at: board.now)
        self[id]?.timer = renewed
        recordTimer(of: id, renewed, before: timer, &board)
    }

    /// The leg of the side that stays becomes the new call's caller; what is left of this call is
    /// the transferor's leg, which is told and hung up.
    private mutating func handOver(
        _ stays: LegID, _ transfer: Transfer, _ answer: SIPMessage, _ board: inout Switchboard
    ) {
        guard let leg = self[stays], let channel = channel(of: stays) else {
            preconditionFailure("a dialer's call has a trunk on its other side")
        }
        board.record(
            .callTransferred(
                CallTransferred(
                    call: id, to: transfer.call, leaving: party(transfer.transferor),
                    response: Octets(answer.bytes))))
        if let transaction = leg.acknowledgement?.transaction {
            board.owners[transaction] = .call(transfer.call)
        }
        let origin = LegOrigin(party: party(stays), side: side(of: stays), channel: channel)
        var transferred = TransferredLeg(
            leg: leg, localTag: Array(leg.dialog.localTag), origin: origin)
        if case .answered(let answered) = state { transferred.endsAt = answered.endsAt }
        board.tell(transfer.call, .joined(transferred, answer: answer))
        leaveBehind(stays, &board)
        self.transfer = nil
        state = .ended
        notify(.code(200), on: transfer, isLast: true, isOver: true, &board)
    }

    /// Nothing that comes for that leg is this call's any more.
    private mutating func leaveBehind(_ stays: LegID, _ board: inout Switchboard) {
        dropRelays(&board)
        legRequests.removeAll { $0.leg == stays }
        continuation = nil
        if let key = caller.key { board.callers[key] = nil }
        switch stays {
        case .caller: caller.state = .refused
        case .called(let index):
            attempts[index].transaction = nil
            attempts[index].state = .over
        }
    }

    /// Who sent them may send them again, to another peer.
    mutating func dropRelays(_ board: inout Switchboard) {
        for relay in relays {
            board.respond(relay.server, to: relay.request, from: relay.source, status: 491)
        }
        relays = []
    }

    /// The call ends, and with it what a transfer has begun.
    mutating func dropTransfer(_ cause: Q850Cause, _ board: inout Switchboard) {
        guard let transfer else { return }
        self.transfer = nil
        board.tell(transfer.call, .abandoned(cause))
    }

    // MARK: The transferor

    private mutating func notify(
        _ status: StatusCode, isLast: Bool, _ board: inout Switchboard
    ) {
        guard let transfer else { return }
        notify(status, on: transfer, isLast: isLast, isOver: isLast, &board)
    }

    /// - Parameters:
    ///   - isLast: of this dialog: the transferor is hung up once it is answered.
    ///   - isOver: the subscription ends (RFC 3515 section 2.4.7).
    private mutating func notify(
        _ status: StatusCode, on transfer: Transfer, isLast: Bool, isOver: Bool,
        _ board: inout Switchboard
    ) {
        guard let leg = self[transfer.transferor], leg.isOpen else { return }
        let contact = board.directory.contact(leg.dialog.local)
        send(
            .notify, on: transfer.transferor, for: .notice(isLast: isLast), gate: .end, &board,
            write: { writer in
                writer.ownHeaders(contact: contact)
                writer.header(.event, transfer.event)
                writer.header(
                    .subscriptionState,
                    isOver ? "terminated;reason=noresource" : "active;expires=180")
            }, session: MessageWriter.fragment(status)[...],
            contentType: "message/sipfrag;version=2.0")
    }
}

extension MessageWriter {
    /// The status line of an answer, as a body (RFC 3420).
    static func fragment(_ status: StatusCode) -> [UInt8] {
        var writer = MessageWriter(capacity: 40)
        writer.append("SIP/2.0 ")
        writer.append(status.rawValue)
        writer.append(" ")
        writer.append(StatusPhrase.of(status.rawValue))
        writer.append("\r\n")
        return writer.bytes
    }
}
