package import TrunkEvents

/// A peer to try the agent with. Sans-IO as the agent is: datagrams and time come in, datagrams
/// leave, so that one runs on a socket and in a test alike.
package protocol SimulatedParty: ~Copyable, SendableMetatype {
    mutating func receive(
        _ datagram: [UInt8], from remote: Endpoint, at now: MonotonicInstant)
    mutating func advance(to now: MonotonicInstant)
    /// Ends all calls: BYE where there is an answer, a final response or CANCEL where there is
    /// none.
    mutating func stop(at now: MonotonicInstant)
    /// When `advance` has something to do.
    var nextDeadline: MonotonicInstant? { get }
    /// Whether all has been done that was asked for and every call is over.
    var isOver: Bool { get }
    /// What wants to leave since the last call.
    mutating func takeMessages() -> [OutgoingMessage]
}
