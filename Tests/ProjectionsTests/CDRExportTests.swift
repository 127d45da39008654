import Foundation
import Ledger
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct CDRExportTests {
    private let seed = Seed(for: "CDRExportTests")

    /// The fold and rows of a log, and the exports in it.
    private struct Recorded {
        let entries: [LogEntry]
        let history: ExportHistory
        let records: CallDetailRecords
        let rows: [CDRRow]

        init(_ entries: [LogEntry]) throws {
            self.entries = entries
            history = try fold(ExportHistory.self, entries).state
            (records, rows) = try fold(CallDetailRecords.self, entries)
        }

        func with(_ fact: ExportClosed) throws -> Recorded {
            let entry = LogEntry(
                position: Position(rawValue: UInt64(entries.count + 1)),
                moment: Moment(wall: after(0), monotonic: MonotonicInstant(nanoseconds: 0)),
                boot: BootID(high: 7, low: 1), event: .exportClosed(fact))
            return try Recorded(entries + [entry])
        }

        func export(
            to directory: String, _ format: ExportFormat = .csv,
            hook: (CDRExport.Step) -> Bool = { _ in true }
        ) throws -> ExportManifest {
            try CDRExport(directory: directory).next(
                format, history, records, RatingBook(), Position(rawValue: UInt64(entries.count)),
                rows: { range, take in
                    for row in rows where range.contains(row.closedAt) { try take(row) }
                }, hook: hook)
        }
    }

    private func contents(_ directory: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory)
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\($0)")))
            })
    }

    @Test func aBatchMadeTwiceIsTheSameFile() throws {
        let recorded = try Recorded(CallGenerator.entries(seed, count: 400))
        try withTemporaryDirectory { directory in
            for format in ExportFormat.allCases {
                let first = "\(directory)/a-\(format)"
                let second = "\(directory)/b-\(format)"
                let manifest = try recorded.export(to: first, format)
                #expect(try recorded.export(to: second, format) == manifest)
                #expect(try recorded.export(to: first, format) == manifest)
                #expect(try contents(first) == contents(second), "\(seed)")
                let names = Set(try contents(first).keys)
                #expect(
                    names == [manifest.fileName, "pbx1-cdr-00000001.manifest.json"])
                #expect(manifest.fileName == "pbx1-cdr-00000001.\(format.fileExtension)")
            }
        }
    }

    @Test func batchesFollowEachOtherWithoutGap() throws {
        let entries = CallGenerator.entries(seed, count: 400)
        try withTemporaryDirectory { directory in
            let first = try Recorded(Array(entries[..<200])).export(to: directory)
            let later = try Recorded(Array(entries[..<200])).with(first.closed)
            let empty = try later.export(to: directory)
            let last = try later.with(empty.closed).export(to: directory)
            #expect([first, empty, last].map(\.sequence) == [1, 2, 3])
            #expect(empty.firstPosition == 201 && empty.lastPosition == 201)
            #expect(empty.rowCount == 0 && empty.talkMilliseconds == 0)
            #expect(first.previousSHA256 == nil)
            #expect(empty.previousSHA256 == first.sha256)
            #expect(last.previousSHA256 == empty.sha256)
            let file = try #require(try contents(directory)[first.fileName])
            #expect(Digest(of: [UInt8](file)) == first.sha256)
            let lines = String(decoding: file, as: UTF8.self).split(separator: "\r\n")
            #expect(lines.count == Int(first.rowCount) + 1)
            #expect(lines.first?.hasPrefix("cdr_id,rev,supersedes,call_id,attempt_no") == true)
        }
    }

    @Test(arguments: CDRExport.Step.allCases)
    func whateverACrashLeavesIsMadeAgain(crash: CDRExport.Step) throws {
        let entries = CallGenerator.entries(seed, count: 400)
        let before = try Recorded(Array(entries[..<250]))
        let restarted = try Recorded(entries)
        try withTemporaryDirectory { directory in
            let cut = try before.export(to: directory) { $0 != crash }
            let made = try restarted.export(to: directory, .ndjson)
            if crash == .beforeManifest {
                #expect(made.lastPosition == 400 && made.format == .ndjson)
            } else {
                #expect(made == cut, "\(seed)")
            }
            let files = try contents(directory)
            #expect(files.count == 2)
            #expect(files[made.fileName].map { Digest(of: [UInt8]($0)) } == made.sha256)
            #expect(files[made.manifestName].map { [UInt8]($0) } == made.json)
        }
    }

    @Test func aTornTemporaryFileIsInNobodysWay() throws {
        let recorded = try Recorded(CallGenerator.entries(seed, count: 100))
        try withTemporaryDirectory { directory in
            let torn = Data("half a ro".utf8)
            try torn.write(to: URL(fileURLWithPath: "\(directory)/pbx1-cdr-00000001.tmp"))
            let manifest = try recorded.export(to: directory)
            #expect(try contents(directory).keys.sorted().count == 2)
            #expect(try contents(directory)[manifest.fileName] != torn)
        }
    }

    @Test func foreignFilesAreNamed() throws {
        let recorded = try Recorded(CallGenerator.entries(seed, count: 100))
        try withTemporaryDirectory { directory in
            let path = "\(directory)/pbx1-cdr-00000001.manifest.json"
            try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: ExportError.foreignManifest(path: path)) {
                try recorded.export(to: directory)
            }
        }
        try withTemporaryDirectory { directory in
            let path = "\(directory)/pbx1-cdr-00000001.manifest.json"
            _ = try recorded.export(to: directory)
            let shorter = try Recorded(Array(recorded.entries[..<50]))
            #expect(throws: ExportError.foreignBatch(path: path)) {
                try shorter.export(to: directory)
            }
        }
    }

    @Test func aDirectoryThatCannotBeMadeIsNamed() throws {
        let recorded = try Recorded(CallGenerator.entries(seed, count: 30))
        try withTemporaryDirectory { directory in
            let path = "\(directory)/no/such"
            #expect(throws: ExportError.file(path: path, errno: ENOENT)) {
                try recorded.export(to: path)
            }
        }
    }
}
