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
        while try sealer.sealNext(through: limit) != nil {}
        return try reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            try snapshot.sealedThrough()
        }
    }
}
