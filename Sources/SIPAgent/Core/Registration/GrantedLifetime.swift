/// How long a 2xx to our REGISTER keeps our bindings (RFC 3261 section 10.2.4): it lists them all,
/// each with its own lifetime, and the first to end counts.
///
/// The `expires` of our own Contacts counts, then the Expires header, then what we asked for.
/// Where the registrar lists contacts and none is ours (some rewrite them behind NAT), the lowest
/// of all counts.
enum GrantedLifetime {
    /// Seconds; 0 when the registrar does not keep a binding of ours.
    static func seconds(in response: SIPMessage, contacts: [[UInt8]], asked: UInt32) -> UInt32 {
        let fallback = response.expires ?? asked
        let own = contacts.map { SIPURI($0[...]) }
        var lowestOwn: UInt32?
        var lowest: UInt32?
        for case .address(let address) in response.contacts {
            let expires = address.parameters.value("expires")?.decimal ?? fallback
            lowest = min(lowest ?? expires, expires)
            let uri = address.uri
            if own.contains(where: { isSame(uri, $0) }) {
                lowestOwn = min(lowestOwn ?? expires, expires)
            }
        }
        return lowestOwn ?? lowest ?? fallback
    }

    /// User, host and port; registrars add and drop parameters.
    private static func isSame(_ left: SIPURI?, _ right: SIPURI?) -> Bool {
        guard let left, let right, left.hostPort.matches(right.hostPort) else { return false }
        return (left.user ?? []).percentDecoded.elementsEqual((right.user ?? []).percentDecoded)
    }
}
