public import TrunkEvents

/// When a datagram may leave.
public enum SendGate: Hashable, Sendable {
    /// At once: retransmissions of what has left before, OPTIONS replies, ACK to a non-2xx.
    case open
    /// Once every fact recorded before it is durable; never without.
    case durable
    /// Once durable, or after this long when the disk is sick: a late BYE costs money.
    case durableWithin(Nanoseconds)

    /// 100 Trying is due within 200 ms (RFC 3261 section 17.2.1); a commit gets most of that.
    public static let trying = SendGate.durableWithin(.milliseconds(150))
    /// An end outruns the log when the disk is sick: the carrier bills until it sees the BYE.
    public static let end = SendGate.durableWithin(.milliseconds(200))
}

/// A datagram that wants to leave.
public struct OutgoingMessage: Hashable, Sendable {
    public var bytes: [UInt8]
    /// The listener that it leaves from.
    public var local: Endpoint
    public var remote: Endpoint
    public var gate: SendGate

    public init(bytes: [UInt8], local: Endpoint, remote: Endpoint, gate: SendGate) {
        self.bytes = bytes
        self.local = local
        self.remote = remote
        self.gate = gate
    }
}

/// An INVITE that nobody wants any more. Where it still waits for its facts it is not to leave, and
/// ``AgentCore/withdrawn(_:at:into:)`` is to be told so; once it has left, nothing is to be done.
public struct Withdrawal: Hashable, Sendable {
    public let message: OutgoingMessage
    let transaction: ClientTransactionID

    init(of message: OutgoingMessage, transaction: ClientTransactionID) {
        self.message = message
        self.transaction = transaction
    }
}

/// A fact and the moment at which it became one.
public struct RecordedEvent: Hashable, Sendable {
    public var moment: Moment
    public var event: Event

    public init(moment: Moment, event: Event) {
        self.moment = moment
        self.event = event
    }
}

/// What the agent wants done. Facts and messages keep their order: a gated message waits for all
/// facts that stand before it.
public struct AgentOutput: Sendable {
    public enum Step: Hashable, Sendable {
        case record(RecordedEvent)
        case send(OutgoingMessage)
        case withdraw(Withdrawal)
    }

    public private(set) var steps: [Step] = []

    public init() {}

    public mutating func record(_ event: Event, at moment: Moment) {
        steps.append(.record(RecordedEvent(moment: moment, event: event)))
    }

    public mutating func send(_ message: OutgoingMessage) {
        steps.append(.send(message))
    }

    mutating func withdraw(_ withdrawal: Withdrawal) {
        steps.append(.withdraw(withdrawal))
    }

    public mutating func removeAll() {
        steps.removeAll(keepingCapacity: true)
    }
}
