/// What must hold for a batch to be recorded. Checked on the committer's thread, against all that
/// was appended before the batch.
public struct AppendConditions: Hashable, Sendable {
    /// What each stream must be like; the batch may write other streams too.
    public var expectations: [StreamExpectation]
    /// Tells a repeated append from a new one.
    public var stamp: ProducerStamp?

    public init(expecting expectations: [StreamExpectation] = [], stamp: ProducerStamp? = nil) {
        self.expectations = expectations
        self.stamp = stamp
    }
}

/// What a stream must be like before a batch.
public struct StreamExpectation: Hashable, Sendable {
    public var stream: StreamID
    public var revision: ExpectedRevision

    public init(_ stream: StreamID, _ revision: ExpectedRevision) {
        self.stream = stream
        self.revision = revision
    }
}

/// A stream's revision is the position of its last event: `.zero` when it has none.
public enum ExpectedRevision: Hashable, Sendable {
    case any
    case noStream
    case streamExists
    case exactly(Position)

    func admits(_ revision: Position) -> Bool {
        switch self {
        case .any: true
        case .noStream: revision == .zero
        case .streamExists: revision > .zero
        case .exactly(let expected): revision == expected
        }
    }
}

/// Names who appends, across restarts of the ledger and of the producer. Any number but 0.
public struct ProducerID: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt64

    public init(rawValue: UInt64) {
        precondition(rawValue != 0, "producer 0 is the writer itself")
        self.rawValue = rawValue
    }
}

/// A producer's number for one batch. Numbers rise; the same number is the same batch.
public struct ProducerStamp: Hashable, Sendable {
    public var producer: ProducerID
    public var sequence: UInt64

    public init(producer: ProducerID, sequence: UInt64) {
        precondition(sequence > 0, "sequences are counted from 1")
        self.producer = producer
        self.sequence = sequence
    }
}
