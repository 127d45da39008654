/// What became of an append. Faults of the disk are ``LedgerError``; these are answers.
public enum AppendOutcome: Hashable, Sendable {
    /// Recorded, and durable: neither `kill -9` nor a power cut takes it back.
    case appended(AppendReceipt)
    /// The producer's batch of this sequence was recorded before; `first` is its first position.
    case duplicate(first: Position)
    /// The sequence is older than what is remembered of the producer: whether it was recorded is
    /// not known. Nothing was recorded now.
    case expired
    /// A stream is at another revision than expected. Nothing was recorded.
    case wrongRevision(StreamID, actual: Position)
    /// Over a limit. Nothing was recorded.
    case refused(AppendLimit)
}

/// The limits that an append can meet.
public enum AppendLimit: Hashable, Sendable, CaseIterable {
    case eventBytes
    case batchBytes
    case batchEvents
    case expectations
    case producers
    case queueBatches
    case queueEvents
    case queueBytes

    /// The most that is admitted.
    public var maximum: Int {
        switch self {
        case .eventBytes: LedgerLimits.eventBytesMax
        case .batchBytes: LedgerLimits.frameBytesMax
        case .batchEvents: LedgerLimits.frameEventsMax
        case .expectations: LedgerLimits.expectationsMax
        case .producers: LedgerLimits.producersMax
        case .queueBatches: LedgerLimits.queueBatchesMax
        case .queueEvents: LedgerLimits.queueEventsMax
        case .queueBytes: LedgerLimits.queueBytesMax
        }
    }

    /// The first limit that the batch itself is over.
    init?(exceededBy batch: borrowing EventBatch, _ conditions: AppendConditions) {
        if batch.largestPayload > LedgerLimits.eventBytesMax {
            self = .eventBytes
        } else if batch.byteCount > LedgerLimits.frameBytesMax {
            self = .batchBytes
        } else if batch.count > LedgerLimits.frameEventsMax {
            self = .batchEvents
        } else if conditions.expectations.count > LedgerLimits.expectationsMax {
            self = .expectations
        } else {
            return nil
        }
    }

    /// The same answer for appends that have no outcome but success.
    func error(at path: String) -> LedgerError {
        switch self {
        case .eventBytes: .tooLarge("an event's number of payload bytes", limit: maximum)
        case .batchBytes: .tooLarge("a batch's number of payload bytes", limit: maximum)
        case .batchEvents: .tooLarge("a batch's number of events", limit: maximum)
        case .expectations: .tooLarge("a batch's number of expectations", limit: maximum)
        case .producers: .tooLarge("the number of producers", limit: maximum)
        case .queueBatches: .queueFull(path, "\(maximum) batches")
        case .queueEvents: .queueFull(path, "\(maximum) events")
        case .queueBytes: .queueFull(path, "\(maximum) payload bytes")
        }
    }
}
