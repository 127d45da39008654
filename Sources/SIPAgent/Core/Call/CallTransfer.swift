import TrunkEvents

/// REFER inside a call (RFC 3515): carried out here for a dialer that is configured so
/// (`Transfer.swift`), else passed on where the configuration of the leg that would get it allows
/// it.
///
/// A blind transfer passes, with the number written as an INVITE on that leg would write it; so do
/// the NOTIFYs that tell how it goes. The call that it leads to is set up beyond us, so that an
/// attended transfer (RFC 3891) passes where its receiver has the dialog that it replaces: both
/// calls on one trunk. Then Replaces names that dialog as the receiver knows it; any other is
/// declined. Allow does not name REFER, since what is taken depends on the other leg.
extension Call {
    mutating func receivedRefer(
        on id: LegID, _ transaction: ServerTransactionID, _ request: SIPMessage,
        from source: Endpoint, replacing replaced: ReplacedCall?, _ board: inout Switchboard
    ) {
        guard let target = peer(of: id) else {
            board.respond(transaction, to: request, from: source, status: 481)
            return
        }
        if let dialer = dialer(on: id, asking: source, board), dialer.transfersHere {
            carryOut(
                request, for: dialer, on: id, transaction, from: source, replacing: replaced,
                &board)
            return
        }
        guard settings(of: target, board).passesTransfers else {
            refuseMethod(transaction, request, from: source, &board)
            return
        }
        guard let referTo = request.first(.referTo).flatMap(NameAddress.init) else {
            board.respond(transaction, to: request, from: source, status: 400)
            return
        }
        let number = Switchboard.user(in: referTo.uriText)
        let dialog = replaced?.farDialog
        guard referTo.uri?.headers == nil || dialog != nil, !number.isEmpty else {
            board.respond(transaction, to: request, from: source, status: 603)
            return
        }
        let uri = uri(of: number, on: target, board) + (dialog?.uriHeaders ?? [])
        let address = MessageWriter.nameAddress(uri: uri[...])
        // Referred-By is the address of the other leg's peer (RFC 3892).
        relay(
            on: id, .refer, transaction, request, from: source, &board,
            except: [.referTo, .referredBy]
        ) { writer in
            writer.header(.referTo, address)
        }
    }

    /// How a transfer goes, from who carries it out to who asked for it.
    mutating func receivedNotify(
        on id: LegID, _ transaction: ServerTransactionID, _ request: SIPMessage,
        from source: Endpoint, _ board: inout Switchboard
    ) {
        let isOfTransfer = request.first(.event)?.prefix { $0 != UInt8(ascii: ";") }
            .matches("refer")
        guard isOfTransfer == true, settings(of: id, board).passesTransfers else {
            refuseMethod(transaction, request, from: source, &board)
            return
        }
        relay(on: id, .notify, transaction, request, from: source, &board)
    }

    /// As `Switchboard.invite` writes a number towards that peer.
    private func uri(of user: Bytes, on leg: LegID, _ board: borrowing Switchboard) -> [UInt8] {
        if let trunk = channel(of: leg).flatMap({ board.directory.trunks[$0.trunk] }) {
            let number = board.directory.normalizer.normalize(Octets(Array(user)))
            let called = number.kind == .asDialled ? Array(user) : number.text.bytes
            return Switchboard.sipURI(user: called[...], host: trunk.domain.bytes)
        }
        let target = self[leg].flatMap { SIPURI($0.dialog.remoteTarget[...]) }
        return Switchboard.sipURI(user: user, host: target.map { Array($0.hostPort) } ?? [])
    }

    func refuseMethod(
        _ transaction: ServerTransactionID, _ request: SIPMessage, from source: Endpoint,
        _ board: inout Switchboard
    ) {
        var writer = MessageWriter(responseTo: request, status: 405, source: source)
        writer.allow(HeaderPassing.served)
        board.respond(transaction, writer.finish(), status: .code(405), gate: .open)
    }
}
