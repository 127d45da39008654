internal import Projections
internal import TrunkEvents

/// Answers the requests that come in through the control socket.
///
/// `export FORMAT DIRECTORY` makes the next batch of CDRs and answers `ok FILE` once its closing is
/// durable in the log.
struct ControlService: Sendable {
    let keeper: ProjectionKeeper
    let agent: RunningAgent

    func answer(_ request: String) -> String {
        let words = request.split(separator: " ", maxSplits: 2)
        guard words.count == 3, words[0] == "export" else {
            return "error unknown request; this agent answers: export FORMAT DIRECTORY"
        }
        guard let format = ExportFormat(rawValue: String(words[1])) else {
            let known = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
            return "error unknown format \(words[1]); known: \(known)"
        }
        do {
            let manifest = try keeper.export(format, to: String(words[2]))
            try agent.record(.exportClosed(manifest.closed))
            return "ok \(manifest.fileName)"
        } catch {
            return "error \(error)"
        }
    }
}
