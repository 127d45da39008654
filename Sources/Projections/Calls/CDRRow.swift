public import Ledger
public import TrunkEvents

/// The record of one attempt on one trunk. Instants are wall time, durations milliseconds.
public struct CDRRow: ProjectionRow, Hashable {
    public var node: ShortName?
    /// The position of the attempt's `channelSeized`: with the node, the row's stable name.
    public var seizedPosition: Position
    public var revision: UInt32 = 1
    public var call: CallID
    public var attempt: AttemptNumber
    /// Every event that the row was made from lies between these two, both included.
    public var firstPosition: Position
    public var lastPosition: Position
    public var trunk: TrunkName
    public var carrier: CarrierName?
    public var direction: CallDirection
    /// What came from the wire about the parties and the legs; see ``CDRRow/account`` and so on.
    var texts = TextBlock<RecordText>()
    /// The carrier's end of the trunk leg; `nil` when nothing was sent yet.
    public var remote: Endpoint?
    public var seizedAt: WallInstant
    /// The first 180 or 183.
    public var rangAt: WallInstant?
    public var answeredAt: WallInstant?
    public var endedAt: WallInstant
    public var releasedAt: WallInstant
    /// Seizure to answer, or to the end of what was not answered.
    public var setupMilliseconds: Int64 = 0
    /// Answer to end.
    public var talkMilliseconds: Int64 = 0
    /// Seizure to release.
    public var holdMilliseconds: Int64 = 0
    public var disposition: Disposition
    public var code: StatusCode?
    public var q850: Q850Cause?
    public var endedBy: EndedBy
    public var endSource: EndSource
    /// How much later than `endedAt` the end may have been.
    public var endUncertaintyMilliseconds: Int64 = 0
    public var inUseAtSeizure: UInt32
    public var capAtSeizure: UInt32
    public var answeredAfterCancel = false
    /// A restart of the agent found the call open, and it went on.
    public var isContinued = false
    /// The call goes on: made for a question, and in no log, state or batch.
    public var isInterim = false

    public var closedAt: Position { lastPosition }

    /// `pbx1-1042`.
    public var id: String { CDRID(node: node, position: seizedPosition).description }

    public var flags: [String] {
        guard answeredAfterCancel || isContinued || isInterim else { return [] }
        return [
            answeredAfterCancel ? "answered_after_cancel" : nil,
            isContinued ? "continued" : nil, isInterim ? "interim" : nil,
        ].compactMap(\.self)
    }
}

/// The stable name of a CDR: the node and the position of its `channelSeized`.
public struct CDRID: Hashable, Sendable {
    public let node: ShortName?
    public let position: Position

    public init(node: ShortName?, position: Position) {
        self.node = node
        self.position = position
    }

    /// `nil` when `text` is not a node's name, a hyphen and a number.
    public init?(_ text: some StringProtocol) {
        guard let hyphen = text.lastIndex(of: "-") else { return nil }
        let digits = text[text.index(after: hyphen)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt64(digits), let node = ShortName(text[..<hyphen])
        else { return nil }
        self.init(node: node, position: Position(rawValue: number))
    }
}

extension CDRID: CustomStringConvertible {
    public var description: String { "\(node?.description ?? "")-\(position)" }
}
