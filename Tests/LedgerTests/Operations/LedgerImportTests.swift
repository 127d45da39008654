import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerImportTests {
    private func makeLedger(
        _ path: String, _ generator: inout SeededGenerator
    ) throws -> LedgerWriter {
        for boot in 0..<2 as Range<UInt64> {
            let writer = try LedgerWriter.open(path)
            for number in 1...12 as ClosedRange<UInt64> {
                try writer.appendAndWait(randomBatch(&generator))
                let stamp = ProducerStamp(
                    producer: ProducerID(rawValue: 4), sequence: boot * 12 + number)
                _ = try writer.appendAndWait(
                    randomBatch(&generator), under: AppendConditions(stamp: stamp))
            }
            if boot == 0 { try writer.seal() }
            writer.close()
        }
        return try LedgerWriter.open(path)
    }

    private func lines(_ reader: LedgerReader) throws -> [[UInt8]] {
        var text: [UInt8] = []
        try reader.export { text += $0 }
        return text.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }

    private func load(_ lines: [[UInt8]], to path: String) throws -> RestoreReport {
        let work = LedgerImport(to: path, mapBytes: 1 << 30)
        do {
            for line in lines { try work.add(line) }
        } catch {
            work.abandon()
            throw error
        }
        return try work.finish()
    }

    @Test func theSameChainIsMadeAgain() throws {
        let seed = Seed(for: "theSameChainIsMadeAgain")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", &generator)
            let lines = try lines(writer.reader)
            let report = try load(lines, to: "\(path)/again")
            #expect(report.head == writer.head, "\(seed)")
            let again = try LedgerWriter.open("\(path)/again")
            #expect(try again.reader.all() == writer.reader.all(), "\(seed)")
            let verified = try again.reader.verify()
            #expect(verified.faults == [], "\(seed)")
            #expect(try verified.root == writer.reader.verify().root, "\(seed)")
            #expect(again.reader.lineage == report.lineage)
            for sequence in 1...24 as ClosedRange<UInt64> {
                let stamp = ProducerStamp(producer: ProducerID(rawValue: 4), sequence: sequence)
                let outcome = try again.appendAndWait(
                    batch(1), under: AppendConditions(stamp: stamp))
                guard case .duplicate = outcome else {
                    Issue.record("batch \(sequence) was recorded twice, \(seed)")
                    return
                }
            }
        }
    }

    @Test func whatIsSaidOfAnEventDoesNotMatter() throws {
        var generator = SeededGenerator(seed: 5)
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", &generator)
            var text: [UInt8] = []
            try writer.reader.export(describing: { _ in #"{"a":["}\"",{"b":1.5}],"c":null}"# }) {
                text += $0
            }
            let lines = text.split(separator: UInt8(ascii: "\n")).map { Array($0) }
            #expect(try load(lines, to: "\(path)/again").head == writer.head)
        }
    }

    @Test func anEmptyLedgerIsExportedToo() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let report = try load(lines(writer.reader), to: "\(path)/again")
            #expect(report.head == writer.head)
        }
    }

    /// Each line changed, left out or doubled is noticed, at that line or right behind it, and
    /// nothing is left.
    @Test func aWrongLineIsNamedAndNothingIsImported() throws {
        let seed = Seed(for: "aWrongLineIsNamedAndNothingIsImported")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", &generator)
            let lines = try lines(writer.reader)
            for round in 0..<60 {
                let at = Int.random(in: 0..<lines.count, using: &generator)
                var wrong = lines
                switch round % 4 {
                case 0: wrong.remove(at: at)
                case 1: wrong[at].removeLast(Int.random(in: 1...5, using: &generator))
                case 2: wrong.insert(lines[at], at: at)
                default:
                    let digits = wrong[at].indices.filter { (0x31...0x38).contains(wrong[at][$0]) }
                    wrong[at][digits.randomElement(using: &generator) ?? 0] += 1
                }
                let code = refusal { _ = try load(wrong, to: "\(path)/again") }
                // What is no part of the chain may be changed and make sense: stamps, what is
                // remembered of them, and the time of creation.
                let text = String(decoding: lines[at], as: UTF8.self)
                if code == nil, at == 0 || text.contains("remembered") || text.contains("index") {
                    try FileManager.default.removeItem(atPath: "\(path)/again")
                    continue
                }
                guard case .badImport(let line) = code else {
                    Issue.record("line \(at + 1), way \(round % 4): \(code as Any), \(seed)")
                    return
                }
                #expect(line > at, "\(seed)")
                #expect(refusal { _ = try LedgerReader.open("\(path)/again") } == .notFound)
            }
            #expect(try load(lines, to: "\(path)/again").head == writer.head)
        }
    }

    @Test(arguments: [
        ("", "'{' is missing: it is no object of JSON"),
        ("[]", "'{' is missing: it is no object of JSON"),
        (#"{"a":1"#, "'}' is missing: it is no object of JSON"),
        (#"{"a":1} x"#, "there is more behind the object"),
        (#"{"a":"b"#, "a text does not end"),
        (#"{"a":{"b":[1}"#, "it is cut short"),
        (#"{"a":1}"#, "this is no export of a ledger"),
        (#"{"trunkledger_export":2}"#, "version 2 is not known"),
        (#"{"trunkledger_export":1}"#, "\"ledger\" is missing"),
    ])
    func aFirstLineThatIsNoneIsSaid(line: String, fault: String) throws {
        try withTemporaryDirectory { path in
            do throws(LedgerError) {
                let work = LedgerImport(to: "\(path)/again", mapBytes: 1 << 30)
                try work.add(Array(line.utf8))
                Issue.record("it was taken")
            } catch {
                #expect(error.code == .badImport(line: 1))
                #expect(error.cause == "line 1: \(fault)")
            }
        }
    }

    @Test func aWrongLinkInTheLastLineIsNamed() throws {
        var generator = SeededGenerator(seed: 6)
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", &generator)
            var lines = try lines(writer.reader)
            let wrong = Link.origin(of: writer.reader.ledger)
            let end = "{\"end\":\(writer.head.position),\"link\":\"\(wrong)\"}"
            lines[lines.count - 1] = Array(end.utf8)
            #expect(
                refusal { _ = try load(lines, to: "\(path)/again") }
                    == .badImport(line: lines.count))
        }
    }

    @Test func anExportThatIsCutShortIsNotTaken() throws {
        var generator = SeededGenerator(seed: 6)
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", &generator)
            let lines = try lines(writer.reader)
            let code = refusal { _ = try load(Array(lines.dropLast()), to: "\(path)/again") }
            #expect(code == .badImport(line: lines.count))
            #expect(refusal { _ = try LedgerReader.open("\(path)/again") } == .notFound)
        }
    }
}
