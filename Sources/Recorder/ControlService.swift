internal import Ledger
internal import Projections
internal import Synchronization
internal import TrunkEvents

/// Answers the requests that come in through the control socket.
///
/// `export FORMAT DIRECTORY` makes the next batch of CDRs and answers `ok FILE` once its closing is
/// durable in the log. `record KIND VERSION PAYLOAD` records a fact that a command brings, its
/// payload in hexadecimal digits, and answers `ok recorded`. `checkpoint` signs the log's head and
/// answers `ok SIZE`. `seal THROUGH` moves the frames up to that position into segments and answers
/// `ok POSITION`, the last one that is sealed. `archive THROUGH DIRECTORY` moves segments to files,
/// `return DIRECTORY` (or `return` alone) brings them back; both answer
/// `ok SEGMENTS EVENTS BYTES THROUGH`. `compact` gives the log's free pages back and answers
/// `ok BEFORE AFTER POSITION LINK`, the first two in bytes.
final class ControlService: Sendable {
    private let keeper: ProjectionKeeper
    private let agent: RunningAgent
    private let writer: LedgerWriter
    /// Batches are closed one after the other: each begins where the one before it ends.
    private let exporting = Mutex<Void>(())

    init(keeper: ProjectionKeeper, agent: RunningAgent, writer: LedgerWriter) {
        self.keeper = keeper
        self.agent = agent
        self.writer = writer
    }

    func answer(_ request: String) -> String {
        if request == "checkpoint" { return checkpoint() }
        if request == "compact" { return compact() }
        let words = request.split(separator: " ", maxSplits: 2)
        if words.first == "return" { return bringBack(request.dropFirst("return ".count)) }
        if words.count == 3, words[0] == "archive" {
            return archive(through: words[1], to: String(words[2]))
        }
        if words.count == 2, words[0] == "seal" { return seal(through: words[1]) }
        if words.count == 3, words[0] == "record" {
            return record(kind: String(words[1]), String(words[2]))
        }
        guard words.count == 3, words[0] == "export" else {
            return "error unknown request; this agent answers: export FORMAT DIRECTORY, "
                + "checkpoint, seal THROUGH, archive THROUGH DIRECTORY, return [DIRECTORY], compact"
        }
        guard let format = ExportFormat(rawValue: String(words[1])) else {
            let known = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
            return "error unknown format \(words[1]); known: \(known)"
        }
        return exporting.withLock { _ in export(format, to: String(words[2])) }
    }

    private func export(_ format: ExportFormat, to directory: String) -> String {
        do {
            let manifest = try keeper.export(format, to: directory)
            try agent.record(.exportClosed(manifest.closed))
            return "ok \(manifest.fileName)"
        } catch {
            return "error \(error)"
        }
    }

    /// Reads the events since the last checkpoint on a thread of the door's; appends go on.
    private func checkpoint() -> String {
        do {
            let head = try writer.checkpoint(with: writer.signingKey())
            return "ok \(head.checkpoint.size)"
        } catch {
            return "error \(error)"
        }
    }

    /// On a thread of the door's too; appends go on.
    private func seal(through limit: Substring) -> String {
        guard let limit = UInt64(limit) else { return "error \(limit) is no position" }
        do {
            return "ok \(try writer.seal(through: Position(rawValue: limit)))"
        } catch {
            return "error \(error)"
        }
    }

    /// On a thread of the door's too; appends wait for the last step only.
    private func compact() -> String {
        do {
            let done = try writer.compact()
            let head = "\(done.head.position) \(done.head.link)"
            return "ok \(done.bytesBefore) \(done.bytesAfter) \(head)"
        } catch {
            return "error \(error)"
        }
    }

    private func archive(through limit: Substring, to directory: String) -> String {
        guard let limit = UInt64(limit) else { return "error \(limit) is no position" }
        do {
            return text(try writer.archive(through: Position(rawValue: limit), to: directory))
        } catch {
            return "error \(error)"
        }
    }

    private func bringBack(_ directory: Substring) -> String {
        do {
            return text(try writer.bringBack(from: directory.isEmpty ? nil : String(directory)))
        } catch {
            return "error \(error)"
        }
    }

    private func text(_ report: ArchiveReport) -> String {
        "ok \(report.segments) \(report.events) \(report.bytes) \(report.through)"
    }

    /// Commands bring only what no machine of the agent's speaks of.
    private static let recorded: [FactKind] = [
        .rateDeckLoaded, .invoiceLoaded, .exportDelivered, .exportFailed,
    ]

    private func record(kind name: String, _ rest: String) -> String {
        let words = rest.split(separator: " ")
        guard let kind = FactKind(name), Self.recorded.contains(kind), words.count == 2,
            let version = UInt8(words[0]), let payload = Self.bytes(hexadecimal: words[1])
        else {
            let known = Self.recorded.map(\.description).joined(separator: ", ")
            return "error this agent records \(known) only, not \(name)"
        }
        do {
            let event = try Event(
                kind: kind.rawValue, version: version, payload: payload.span.bytes)
            try agent.record(event)
            return "ok recorded"
        } catch {
            return "error \(error)"
        }
    }

    private static func bytes(hexadecimal text: Substring) -> [UInt8]? {
        let digits = text.utf8.map { UInt8(String(UnicodeScalar($0)), radix: 16) }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map {
            (digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)
        }
    }
}
