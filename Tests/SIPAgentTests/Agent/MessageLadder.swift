import TrunkEvents

@testable import SIPAgent

extension SIPMessage {
    /// The method, or the status and the method that it answers.
    var title: String {
        status.map { "\($0) \(cseq.method.name)" } ?? "\(method?.name ?? "")"
    }
}

extension AgentBed {
    /// What a peer got, in order, as the RFCs draw their flows: each message once, however often it
    /// was repeated.
    func ladder(_ peer: Endpoint) -> [String] {
        var seen: Set<[UInt8]> = []
        return sent.filter { $0.remote == peer && seen.insert($0.bytes).inserted }
            .compactMap { SIPMessage(own: $0.bytes)?.title }
    }
}
