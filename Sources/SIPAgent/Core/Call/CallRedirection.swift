import TrunkEvents

/// 3xx from a carrier (RFC 3261 section 8.1.3.4): the next trunk tries; or, where the trunk's
/// configuration says so, the number is called at its new address. That must be the carrier's own:
/// it may send a call elsewhere in its network, not to others on our account.
extension Call {
    private static let redirectionsMax: UInt8 = 3

    /// Calls the new address within the same attempt. `false`: there is none to be called.
    mutating func followRedirection(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) -> Bool {
        var attempt = attempts[index]
        guard direction == .outbound, let status = response.status, (300..<400).contains(status),
            let trunk = board.directory.trunks[attempt.trunk], trunk.followsRedirections,
            attempt.redirections < Self.redirectionsMax,
            let (target, remote) = Self.target(of: response, at: trunk, attempt.remote, board),
            let again = board.another(&attempt, to: target)
        else { return false }
        attempt.redirections += 1
        attempt.remote = remote
        resend(again, &attempt, &board)
        attempts[index] = attempt
        return true
    }

    /// The first Contact that is a SIP address at the carrier.
    private static func target(
        of response: SIPMessage, at trunk: TrunkConfiguration, _ asked: Endpoint,
        _ board: borrowing Switchboard
    ) -> (uri: Bytes, remote: Endpoint)? {
        for case .address(let contact) in response.contacts {
            guard let uri = contact.uri, uri.isSIP else { continue }
            let text = Dialog.target(contact.uriText)
            if let address = IPAddress(host: uri.host) {
                let isCarriers =
                    address == asked.address || address == trunk.server.endpoint?.address
                    || board.directory.isSource(address, of: trunk)
                guard isCarriers else { continue }
                let transport = asked.transport
                let remote = Endpoint(
                    transport: transport, address: address,
                    port: uri.port ?? transport.sipPort)
                return (text[...], remote)
            }
            if uri.host.elementsEqual(trunk.domain.bytes) { return (text[...], asked) }
        }
        return nil
    }
}
