/// How long a 2xx to our REGISTER keeps our binding (RFC 3261 section 10.2.4).
///
/// The `expires` of our own Contact counts, then the Expires header, then what we asked for. Where
/// the registrar lists contacts and none is ours (some rewrite them behind NAT), the lowest of all counts.
enum GrantedLifetime {
    /// Seconds; 0 when the registrar keeps no binding.
    static func seconds(in response: SIPMessage, contact: [UInt8], asked: UInt32) -> UInt32 {
        let fallback = response.expires ?? asked
        let own = SIPURI(contact[...])
        var lowestOwn: UInt32?
        var lowest: UInt32?
        for case .address(let address) in response.contacts {
            let expires = address.parameters.value("expires")?.decimal ?? fallback
            lowest = min(lowest ?? expires, expires)
            if isSame(address.uri, own) { lowestOwn = min(lowestOwn ?? expires, expires) }
        }
        return lowestOwn ?? lowest ?? fallback
    }

    /// User, host and port; registrars add and drop parameters.
    private static func isSame(_ left: SIPURI?, _ right: SIPURI?) -> Bool {
        guard let left, let right, left.hostPort.matches(right.hostPort) else { return false }
        return (left.user ?? []).percentDecoded.elementsEqual((right.user ?? []).percentDecoded)
    }
}
