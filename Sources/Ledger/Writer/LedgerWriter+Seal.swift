internal import Synchronization

/// Sealing: frames become segments, which take less room and are found faster.
extension LedgerWriter {
    /// Moves the frames that end at or before `limit`, by default all, into segments; the last
    /// frame stays one. Returns the last position that is sealed, `.zero` when nothing is.
    ///
    /// What is read stays the same. Blocks for as long as that takes; appends go on meanwhile, in
    /// between steps. Not to be called inside an append's completion. After an error, or a crash,
    /// nothing is lost or doubled, and the next call goes on.
    @discardableResult
    public func seal(
        through limit: Position = Position(rawValue: .max)
    ) throws(LedgerError) -> Position {
        try sealing.withLock { _ throws(LedgerError) in
            while try sealer.sealNext(through: limit) != nil {}
            return try reader.withSnapshot(.zero) { snapshot throws(Corruption) in
                try snapshot.sealedThrough()
            }
        }
    }

    /// The steps of sealing.
    var sealer: Sealer {
        Sealer(reader) { byteCount, body throws(LedgerError) in
            try self.performAndWait(byteCount: byteCount, body)
        }
    }

    /// Takes away what a sealing that a crash cut short has left. Where that is refused, e.g. by
    /// a full disk, nothing is amiss: it means nothing, and the next sealing clears it.
    func clearLeftovers() {
        try? sealer.clearLeftovers()
    }
}
