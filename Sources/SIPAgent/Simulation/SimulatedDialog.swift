import TrunkEvents

/// What a simulated party remembers of a dialog (RFC 3261 section 12.1). Its messages go to the
/// peer that it talked with so far, whatever Contact and Record-Route say: it is a tool to try
/// things with on loopback.
struct SimulatedDialog {
    let callID: [UInt8]
    /// Our From or To, with our tag.
    let local: [UInt8]
    let remote: [UInt8]
    let target: [UInt8]
    let routes: [[UInt8]]
    var sequence: UInt32
    let peer: Endpoint

    /// The called side, which adds its tag to To.
    init(answering invite: SIPMessage, tag: [UInt8], peer: Endpoint) {
        callID = Array(invite.callID)
        local = Array(invite.to.text) + Array(";tag=".utf8) + tag
        remote = Array(invite.from.text)
        target = Array(invite.contact?.uriText ?? invite.from.uriText)
        routes = invite.recordRoutes.map { Array($0.text) }
        sequence = 0
        self.peer = peer
    }

    /// The calling side, once a response names the called one.
    init(answeredBy response: SIPMessage, peer: Endpoint) {
        callID = Array(response.callID)
        local = Array(response.from.text)
        remote = Array(response.to.text)
        target = Array(response.contact?.uriText ?? response.to.uriText)
        routes = response.recordRoutes.reversed().map { Array($0.text) }
        sequence = response.cseq.number
        self.peer = peer
    }
}
