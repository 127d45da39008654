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
    ///
    /// - Parameter first: only what was sent from there on.
    func ladder(_ peer: Endpoint, from first: Int = 0) -> [String] {
        var seen: Set<[UInt8]> = []
        return sent.dropFirst(first)
            .filter { $0.remote == peer && seen.insert($0.bytes).inserted }
            .compactMap { SIPMessage(own: $0.bytes)?.title }
    }
}
