import Synchronization
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerReaderTests {
    private struct Unwanted: Error {}

    @Test func aReaderSeesNewFramesAtOnce() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let reader = try LedgerReader.open("\(path)/ledger")
            #expect(try reader.all().isEmpty)
            for count in 1...3 {
                try writer.appendAndWait(batch(count))
                #expect(try reader.head() == writer.head)
            }
            #expect(try reader.all().map(\.position.rawValue) == [1, 2, 3, 4, 5, 6])
        }
    }

    /// A reader that measures the file and then meets a newer commit must measure it again.
    @Test func aReaderBesideAGrowingFileFindsItWhole() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let growth = Growth(writer, commits: 400)
            growth.start()
            var newest = Position.zero
            while !growth.isOver {
                let head = try writer.reader.head()
                #expect(head.position >= newest)
                newest = head.position
            }
            #expect(growth.failureCount == 0)
            #expect(try writer.reader.head().position == Position(rawValue: 400))
        }
    }

    /// Commits that follow each other, each of which makes the file longer.
    private final class Growth: Sendable {
        private let writer: LedgerWriter
        private let left: Atomic<Int>
        private let failures = Atomic(0)

        init(_ writer: LedgerWriter, commits: Int) {
            self.writer = writer
            left = Atomic(commits)
        }

        var isOver: Bool { left.load(ordering: .acquiring) == 0 }
        var failureCount: Int { failures.load(ordering: .relaxed) }

        func start() {
            let payload = [UInt8](repeating: 7, count: 32_768)
            writer.append(batch(1, payload: payload)) { [self] result in
                if case .failure = result { failures.add(1, ordering: .relaxed) }
                if left.subtract(1, ordering: .releasing).newValue > 0 { start() }
            }
        }
    }

    @Test func readingBeginsAndEndsAnywhere() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for count in [1, 5, 2, 40] { try writer.appendAndWait(batch(count)) }
            let all = try writer.reader.all()
            for from in 1...49 {
                for through in [from, from + 1, 47, 48, 1_000] where through >= from {
                    let some = try writer.reader.all(
                        from: Position(rawValue: UInt64(from)),
                        through: Position(rawValue: UInt64(through)))
                    #expect(some == Array(all.dropFirst(from - 1).prefix(through - from + 1)))
                }
            }
        }
    }

    @Test func readingStopsWhenToldAndPassesErrorsOn() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            try writer.appendAndWait(batch(9))
            var seen = 0
            try writer.reader.read { _ in
                seen += 1
                return seen == 4 ? .stop : .next
            }
            #expect(seen == 4)
            #expect(throws: Unwanted.self) { try writer.reader.read { _ in throw Unwanted() } }
            // A read inside a read takes a slot of its own.
            try writer.reader.read { _ in
                seen += try writer.reader.all().count
                return .stop
            }
            #expect(seen == 13)
        }
    }

    @Test func longLogsAreReadInChunks() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for index in 0..<(2 * LedgerLimits.chunkFramesMax + 10) {
                writer.append(batch(1, stream: UInt64(index % 3))) { _ in }
                // One frame each: the next batch is queued after this one is durable.
                if index % 2 == 0 { try writer.appendAndWait(batch(1, stream: 9)) }
            }
            writer.close()
            let positions = try writer.reader.all().map(\.position)
            #expect(positions.count == Int(writer.head.position.rawValue))
            #expect(positions == positions.sorted())
            var ones = 0
            try writer.reader.read(stream: StreamID(rawValue: 1)) { event in
                #expect(event.header.stream.rawValue == 1)
                ones += 1
                return .next
            }
            #expect(ones == (2 * LedgerLimits.chunkFramesMax + 10) / 3)
        }
    }

    @Test func linksAreKnownWhereFramesEnd() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            #expect(try writer.reader.link(at: .zero) == writer.head.link)
            try writer.appendAndWait(batch(3))
            let link = writer.head.link
            try writer.appendAndWait(batch(2))
            let links = try (0...6).map {
                try writer.reader.link(at: Position(rawValue: UInt64($0)))
            }
            #expect(links[3] == link)
            #expect(links[5] == writer.head.link)
            #expect([1, 2, 4, 6].allSatisfy { links[$0] == nil })
        }
    }

    @Test func aNewerFormatIsRefused() throws {
        try withTemporaryDirectory { path in
            try LedgerWriter.open("\(path)/ledger").close()
            try overwriteFormat("\(path)/ledger", with: LedgerFormat.version + 1)
            let expected = LedgerError.Code.newerFormat(found: LedgerFormat.version + 1)
            #expect(refusal { _ = try LedgerReader.open("\(path)/ledger") } == expected)
            #expect(refusal { _ = try LedgerWriter.open("\(path)/ledger") } == expected)
        }
    }

    private func overwriteFormat(_ path: String, with version: UInt32) throws {
        let lease = try EnvironmentLease("\(path)/log", access: .readWrite, mapBytes: 1 << 30)
        try lease.environment.write { transaction throws(DatabaseError) in
            let database = try transaction.open(LedgerFormat.metaName)
            let key = Array(LedgerFormat.formatKey.utf8)
            try transaction.reserve(key, byteCount: 12, .anywhere, in: database) { room in
                room.store(version, at: 0)
                let sum = XXH64.hash(room.bytes.extracting(first: 4))
                room.store(sum, at: 4)
            }
        }
    }

    @Test func errorsAreOneLineThatSaysWhatToDo() {
        let errors: [LedgerError] = [
            .notFound("p"), .foreignDirectory("p", found: "x"), .newerFormat("p", found: 9),
            .locked("p", holder: LockHolder(pid: 1, host: "h")), .diskFull("p"),
            .io(errno: 5, "p"), .corrupt(.first, .link, in: "p"), .mapFull("p"),
            .readersFull("p"), .closed("p"), .outcomeUnknown("p"), .permission("p"),
            .tooLarge("p", limit: 1), .queueFull("p", "1 batch"), .database(code: -1, "p"),
        ]
        for error in errors {
            #expect(!error.description.contains("\n"))
            #expect(error.description == "\(error.cause): \(error.advice)")
            #expect(!error.advice.isEmpty)
        }
        #expect(Set(errors.map(\.code)).count == errors.count)
    }
}
