import TrunkEvents

/// An early dialog as the caller sees it (RFC 3261 section 12.1.1): each callee that a provisional
/// answer came from, be it of a forking proxy or of the next trunk, has one with a tag of its own.
struct ShownDialog: Sendable {
    let attempt: AttemptNumber
    /// The callee's, on the other leg.
    let remoteTag: [UInt8]
    /// Ours, towards the caller.
    let localTag: [UInt8]
    /// What was sent reliably; `nil` until something was.
    var progress: ReliableProgress?
    /// Once a request of ours was sent in it.
    var dialog: Dialog?
}

extension Call {
    /// A peer that shows more callees than this has the others shown as the last of them.
    private static let shownMax = 16

    /// Where the caller's early dialog with a callee stands; it begins now if there was none.
    mutating func showDialog(
        of attempt: AttemptNumber, _ remoteTag: Bytes, _ board: inout Switchboard
    ) -> Int {
        let known = caller.shown.firstIndex {
            $0.attempt == attempt && $0.remoteTag.elementsEqual(remoteTag)
        }
        if let known { return known }
        guard caller.shown.count < Self.shownMax else { return caller.shown.count - 1 }
        let tag = caller.shown.isEmpty ? caller.localTag : board.entropy.tag()
        board.dialogs[tag] = id
        caller.shown.append(
            ShownDialog(attempt: attempt, remoteTag: Array(remoteTag), localTag: tag))
        return caller.shown.count - 1
    }

    /// The caller's dialog with the callee that answered is the one that stays.
    ///
    /// - Returns: what was sent in it already.
    mutating func keepDialog(
        of attempt: AttemptNumber, _ remoteTag: Bytes, _ board: inout Switchboard
    ) -> Dialog? {
        let chosen = showDialog(of: attempt, remoteTag, &board)
        caller.localTag = caller.shown[chosen].localTag
        for other in caller.shown where other.localTag != caller.localTag {
            board.dialogs[other.localTag] = nil
        }
        defer { caller.shown = [] }
        return caller.shown[chosen].dialog
    }

    /// Whether a provisional answer that the caller is to acknowledge is out or waits its turn.
    func awaitsAcknowledgement(of attempt: AttemptNumber, _ remoteTag: Bytes) -> Bool {
        caller.shown.contains {
            $0.attempt == attempt && $0.remoteTag.elementsEqual(remoteTag)
                && $0.progress?.outstanding != nil
        }
    }
}
