import Ledger

/// What a copy of a ledger has to say: while it is made, and of what was copied.
enum CopyOutput {
    /// Shows how far a copy has come while it is made.
    static func watching<Report>(
        _ what: String, _ copy: (_ progress: @escaping (CopyProgress) -> Void) throws -> Report
    ) rethrows -> Report {
        let progress = Progress(what)
        defer { progress.end() }
        return try copy { progress.update($0.position.rawValue, of: $0.through.rawValue) }
    }

    static func text(_ totals: CopyTotals) -> String {
        let segments = totals.segments == 1 ? "1 segment" : "\(totals.segments) segments"
        let frames = totals.frames == 1 ? "1 frame" : "\(totals.frames) frames"
        return "\(segments) and \(frames), \(ByteText.people(totals.bytes))"
    }

    static func members(
        _ head: LedgerHead, _ totals: CopyTotals
    ) -> [(name: String, value: OutputValue)] {
        [
            ("ledger", OutputValue(head.ledger)),
            ("head_position", .unsigned(head.position.rawValue)),
            ("head_link", OutputValue(head.link)),
            ("copied_segments", .integer(Int64(totals.segments))),
            ("copied_frames", .integer(Int64(totals.frames))),
            ("copied_bytes", .unsigned(totals.bytes)),
        ]
    }
}

extension OutputChoice {
    /// One answer: a text for people, a record for programs.
    func show(_ text: String, _ members: [(name: String, value: OutputValue)]) {
        let standardOutput = StandardOutput()
        switch format {
        case .table, .csv: standardOutput.write(text)
        case .json, .ndjson: standardOutput.line(OutputValue.record(members).jsonText)
        }
        standardOutput.flush()
    }
}
