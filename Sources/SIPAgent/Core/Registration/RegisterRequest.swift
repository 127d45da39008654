import TrunkEvents

/// A REGISTER as the machine wants it sent (RFC 3261 section 10.2).
struct RegisterRequest: Hashable, Sendable {
    /// The registrar that is asked.
    var registrar: Endpoint
    var requestURI: [UInt8]
    /// From and To.
    var addressOfRecord: [UInt8]
    var fromTag: [UInt8]
    /// Each for a binding of its own (section 10.2.1).
    var contacts: [[UInt8]]
    /// One Call-ID for all REGISTERs of a machine (section 10.2).
    var callID: [UInt8]
    /// Rises with each REGISTER, also after a challenge (section 22.2). Names the request in
    /// answers.
    var cseq: UInt32
    /// 0 removes the binding.
    var expiresSeconds: UInt32
    /// Authorization and Proxy-Authorization.
    var credentials: [CredentialHeader]
    /// Route values.
    var routes: [[UInt8]] = []

    /// The whole message.
    func message(via: ViaHead) -> [UInt8] {
        let from = MessageWriter.nameAddress(uri: addressOfRecord[...], tag: fromTag[...])
        let to = MessageWriter.nameAddress(uri: addressOfRecord[...])
        var writer = MessageWriter(
            request: RequestHead(
                method: .register, uri: requestURI[...], via: via, from: from[...], to: to[...],
                callID: callID[...], cseq: cseq, routes: routes.map { $0[...] }))
        for contact in contacts {
            writer.header(.contact, MessageWriter.nameAddress(uri: contact[...]))
        }
        writer.header(.expires, number: expiresSeconds)
        // Proxies on the way may put themselves on the path of our inbound calls (RFC 3327
        // section 5.1).
        writer.header(.supported, "path")
        for credential in credentials { writer.header(credential.header, credential.value) }
        return writer.finish()
    }
}
