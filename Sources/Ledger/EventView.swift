/// One recorded event, seen where it lies on disk.
///
/// The payload is the mapped file itself: it cannot leave the closure that received the view.
public struct EventView: ~Escapable {
    public let position: Position
    public let header: EventHeader
    /// The opening of the ledger in which `header.monotonicTime` was taken.
    public let bootID: BootID
    /// The caller's bytes, as appended.
    public let payload: RawSpan

    @usableFromInline  // `EventStretch.forEach` is compiled into its caller
    @_lifetime(copy payload)
    init(position: Position, header: EventHeader, bootID: BootID, payload: RawSpan) {
        self.position = position
        self.header = header
        self.bootID = bootID
        self.payload = payload
    }
}

/// What a reader's closure wants next.
public enum ReadStep: Sendable {
    case next
    case stop
}
