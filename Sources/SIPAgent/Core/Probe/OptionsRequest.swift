/// An OPTIONS outside a dialog, as the probe wants it sent (RFC 3261 section 11.1).
struct OptionsRequest: Hashable, Sendable {
    var target: [UInt8]
    var from: [UInt8]
    var fromTag: [UInt8]
    var contact: [UInt8]
    var callID: [UInt8]
    /// Names the probe in answers.
    var cseq: UInt32
    /// Route values.
    var routes: [[UInt8]] = []

    /// The whole message.
    func message(via: ViaHead) -> [UInt8] {
        let from = MessageWriter.nameAddress(uri: from[...], tag: fromTag[...])
        let to = MessageWriter.nameAddress(uri: target[...])
        var writer = MessageWriter(
            request: RequestHead(
                method: .options, uri: target[...], via: via, from: from[...], to: to[...],
                callID: callID[...], cseq: cseq, routes: routes.map { $0[...] }))
        writer.header(.contact, MessageWriter.nameAddress(uri: contact[...]))
        writer.header(.accept, "application/sdp")
        return writer.finish()
    }
}
