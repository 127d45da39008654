import NIOCore

/// Bounds on what connections may cost, and on how long they may do nothing.
enum StreamLimits {
    /// Of one listener, those that it opened too.
    static let connectionsMax = 4_096
    /// That one address may have opened to one listener.
    static let connectionsOfAddressMax = 512
    /// That wait for a peer to read, on one connection: a peer that does not is let go.
    static let unsentBytesMax = 1 << 20
    static let connectWait = TimeAmount.seconds(4)
    static let handshakeWait = TimeAmount.seconds(10)
    /// An accepted connection that has brought no whole message by then is closed.
    static let firstMessageWait = TimeAmount.seconds(30)
    /// A message must be there as a whole this long after its last octets came, and something so
    /// long after a request of ours: 64*T1, when its transaction is over.
    static let messageWait = TimeAmount.seconds(32)
    /// An accepted connection on which nothing comes, keep-alives neither, is closed.
    static let acceptedIdleMax = TimeAmount.minutes(10)
    /// One that we opened is kept alive (RFC 5626 section 4.4.1) until no message has used it for
    /// this long.
    static let openedIdleMax = TimeAmount.hours(2)
    static let keepAliveInterval = TimeAmount.seconds(100)
    static let lookInterval = TimeAmount.seconds(10)
    /// After our last octets a peer may take this long to read them.
    static let farewellWait = TimeAmount.seconds(2)
    /// Peers whose connections are gone and that are remembered.
    static let departedMax = 4_096
}
