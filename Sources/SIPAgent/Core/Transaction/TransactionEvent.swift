/// What a received message means to the transaction user.
enum TransactionEvent: Sendable {
    /// The transactions have dealt with it.
    case absorbed
    /// A new request other than ACK and CANCEL; its server transaction waits for `respond`.
    case request(ServerTransactionID, SIPMessage)
    /// A CANCEL to be answered by `respond` on its own transaction, and the INVITE it means. That
    /// INVITE may have had its final response already (RFC 3261 section 9.2).
    case cancel(ServerTransactionID, of: ServerTransactionID?, SIPMessage)
    /// The ACK of a 2xx: it belongs to a dialog.
    case ack(SIPMessage)
    /// Each provisional, the final, and each further 2xx to an INVITE (RFC 6026 section 7.2).
    case response(ClientTransactionID, SIPMessage)
    /// The peer knows nothing of an INVITE that we took up after a restart: our CANCEL got a 481.
    case unknown(ClientTransactionID)
    /// A response to nothing we have asked, or a 2xx that came after a refusal.
    case strayResponse(SIPMessage)
}

/// What has ended for want of a message.
enum TransactionTimeout: Hashable, Sendable {
    /// The request could not be delivered (RFC 3261 sections 17.1.4 and 18.4).
    case clientUnreachable(ClientTransactionID)
    /// No final response came: Timer B or F, or 64*T1 after a CANCEL (RFC 3261 section 9.1).
    case clientTimedOut(ClientTransactionID)
    /// Timer M: no further 2xx of this INVITE will be reported.
    case inviteEnded(ClientTransactionID)
    /// Timer H: the final response was never acknowledged.
    case noAck(ServerTransactionID)
}
