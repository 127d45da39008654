import Foundation
import Glibc
import Ledger
import Projections
import TrunkEvents

/// The running agent's door for commands that record facts: `LEDGER/control.sock`.
///
/// One request line, one answer line: `export FORMAT DIR` is answered by `ok NAME` or `error TEXT`,
/// `record KIND VERSION PAYLOAD` (in hexadecimal digits) by `ok recorded` or `error TEXT`,
/// `checkpoint` by `ok SIZE` or `error TEXT`, `seal THROUGH` by `ok POSITION` or `error TEXT`;
/// `archive THROUGH DIR`, `return [DIR]` and `compact` by `ok` and the numbers of their reports.
struct AgentDoor {
    private let path: String

    init(ledger: String) {
        path = ledger + "/control.sock"
    }

    /// Has the agent make the next batch. `nil` when no agent listens.
    func export(_ format: ExportFormat, to directory: String) throws -> ExportManifest? {
        guard let answer = try ask("export \(format.rawValue) \(directory)") else { return nil }
        if answer.hasPrefix("ok ") {
            return try manifest(of: String(answer.dropFirst(3)), in: directory)
        }
        let said = answer.hasPrefix("error ") ? String(answer.dropFirst(6)) : answer
        throw CommandFailure(.inputOutput, "the agent could not export: \(said)")
    }

    /// Has the agent record a fact. `false` when no agent listens.
    func record(_ event: Event) throws -> Bool {
        var payload: [UInt8] = []
        event.encode(into: &payload)
        let digits = payload.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let request = "record \(event.kind) \(event.version) \(digits)"
        guard let answer = try ask(request) else { return false }
        if answer.hasPrefix("ok ") { return true }
        let said = answer.hasPrefix("error ") ? String(answer.dropFirst(6)) : answer
        throw CommandFailure(.inputOutput, "the agent could not record it: \(said)")
    }

    /// Has the agent sign the log's head: how many events it covers. `nil` when no agent listens.
    func checkpoint() throws -> UInt64? {
        try order("checkpoint", "make a checkpoint") { words in words.first.flatMap { UInt64($0) } }
    }

    /// Has the agent seal the facts up to `limit`: how far they are sealed then. `nil` when no
    /// agent listens.
    func seal(through limit: Position) throws -> Position? {
        try order("seal \(limit)", "seal") { words in
            words.first.flatMap { UInt64($0) }.map { Position(rawValue: $0) }
        }
    }

    /// Has the agent move segments to files. `nil` when no agent listens.
    func archive(through limit: Position, to directory: String) throws -> ArchiveReport? {
        try order("archive \(limit) \(Self.absolute(directory))", "archive", ArchiveReport.init)
    }

    /// Has the agent bring archived segments back. `nil` when no agent listens.
    func bringBack(from directory: String?) throws -> ArchiveReport? {
        let place = directory.map { " " + Self.absolute($0) } ?? ""
        return try order("return\(place)", "bring segments back", ArchiveReport.init)
    }

    /// Has the agent compact the log of `ledger`. `nil` when no agent listens.
    func compact(_ ledger: LedgerID) throws -> CompactionReport? {
        try order("compact", "compact the log") { CompactionReport(ledger, $0) }
    }

    /// What the agent's answer says when it did as it was asked; `nil` when no agent listens.
    private func order<Report>(
        _ request: String, _ deed: String, _ report: ([Substring]) -> Report?
    ) throws -> Report? {
        guard let answer = try ask(request) else { return nil }
        if answer.hasPrefix("ok "), let report = report(answer.dropFirst(3).split(separator: " ")) {
            return report
        }
        let said = answer.hasPrefix("error ") ? String(answer.dropFirst(6)) : answer
        throw CommandFailure(.unusableLedger, "the agent could not \(deed): \(said)")
    }

    /// The agent works in a directory of its own.
    static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardized.path
    }

    private func manifest(of name: String, in directory: String) throws -> ExportManifest {
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        let path = "\(directory)/\(stem).manifest.json"
        guard let bytes = FileBytes.read(path), let manifest = ExportManifest(json: bytes) else {
            throw CommandFailure(
                .inputOutput, "the agent wrote \(name), but \(path) cannot be read; check its owner"
            )
        }
        return manifest
    }

    /// The answer's line; `nil` when nobody listens.
    private func ask(_ request: String) throws -> String? {
        guard !request.utf8.contains(UInt8(ascii: "\n")) else {
            throw CommandFailure.usage("a directory's name cannot contain a line break")
        }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure("cannot be used") }
        defer { close(descriptor) }
        guard try connect(descriptor) else { return nil }
        let line = Array((request + "\n").utf8)
        guard send(descriptor, line, line.count, Int32(MSG_NOSIGNAL)) == line.count else {
            throw failure("took no request")
        }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("closed without an answer") }
            answer.append(contentsOf: chunk[..<count])
            if let end = answer.firstIndex(of: UInt8(ascii: "\n")) {
                return String(decoding: answer[..<end], as: UTF8.self)
            }
        }
    }

    /// `false` where no agent listens: then the file is missing, or a dead agent's.
    private func connect(_ descriptor: Int32) throws -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        // unix(7): the path ends with a NUL within the field. The agent opened no door either.
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { return true }
        if errno == ENOENT || errno == ECONNREFUSED { return false }
        throw failure("cannot be reached (\(String(cString: strerror(errno))))")
    }

    private func failure(_ what: String) -> CommandFailure {
        CommandFailure(
            .inputOutput, "\(path) \(what); run this as the user who runs the agent")
    }
}

extension ArchiveReport {
    /// Segments, events, bytes, last position.
    fileprivate init?(_ words: [Substring]) {
        let numbers = words.compactMap { UInt64($0) }
        guard numbers.count == 4, let segments = Int(exactly: numbers[0]) else { return nil }
        self.init()
        self.segments = segments
        events = numbers[1]
        bytes = numbers[2]
        through = Position(rawValue: numbers[3])
    }
}

extension CompactionReport {
    /// Bytes before and after, position and link of the head.
    fileprivate init?(_ ledger: LedgerID, _ words: [Substring]) {
        guard words.count == 4, let before = UInt64(words[0]), let after = UInt64(words[1]),
            let position = UInt64(words[2]), let link = Link(hexadecimal: String(words[3]))
        else { return nil }
        self.init(
            head: LedgerHead(ledger: ledger, position: Position(rawValue: position), link: link),
            bytesBefore: before, bytesAfter: after)
    }
}

enum FileBytes {
    /// `nil` for a file that cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            bytes.append(contentsOf: chunk[..<count])
            if count < chunk.count { return ferror(file) == 0 ? bytes : nil }
        }
    }
}
