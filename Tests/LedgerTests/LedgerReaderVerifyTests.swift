import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerReaderVerifyTests {
    /// What a reader can ask, as one value to compare.
    private struct Answers: Equatable {
        var head: LedgerHead
        var events: [Event]
        var links: [Link?]

        init(_ reader: LedgerReader, through last: UInt64) throws {
            head = try reader.head()
            events = try reader.all()
            links = try (0...last).map { try reader.link(at: Position(rawValue: $0)) }
        }
    }

    /// A ledger with two levels of pages, overflow runs and two boots, closed.
    private func makeLedger(
        _ path: String, _ generator: inout SeededGenerator
    ) throws -> Answers {
        for _ in 0..<2 {
            let writer = try LedgerWriter.open(
                path, options: LedgerOptions(mapBytes: 1 << 30, reserveBytes: 0))
            for _ in 0..<25 { try writer.appendAndWait(randomBatch(&generator)) }
            _ = try writer.checkpoint(with: writer.signingKey())
            writer.close()
        }
        let reader = try LedgerReader.open(path)
        #expect(try reader.verify().isSound)
        return try Answers(reader, through: reader.head().position.rawValue)
    }

    /// Whether the damage is named, or else changes no answer.
    private func isNamedOrHarmless(_ path: String, _ sound: Answers) throws -> Bool {
        do {
            let reader = try LedgerReader.open(path)
            let report = try reader.verify()
            if !report.isSound { return report.faultCount == report.faults.count }
            return try Answers(reader, through: sound.head.position.rawValue) == sound
        } catch {
            return error is LedgerError
        }
    }

    @Test func everyFlippedBitIsNamedOrChangesNothing() throws {
        let seed = Seed(for: "everyFlippedBitIsNamedOrChangesNothing")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let sound = try makeLedger(ledger, &generator)
            let data = try DataBytes("\(ledger)/log/data.mdb")
            var named = 0
            for _ in 0..<600 {
                let offset = Int.random(in: 0..<data.bytes.count, using: &generator)
                let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
                try data.write(data.bytes[offset] ^ bit, at: offset)
                let report = try? LedgerReader.open(ledger).verify()
                if report?.isSound != true { named += 1 }
                #expect(
                    try isNamedOrHarmless(ledger, sound), "byte \(offset) bit \(bit), \(seed)")
                try data.write(data.bytes[offset], at: offset)
            }
            #expect(named > 100)
            #expect(try isNamedOrHarmless(ledger, sound))
            #expect(try LedgerReader.open(ledger).verify().isSound)
        }
    }

    @Test func everyBitOfTheIndexIsNamedOrChangesNothing() throws {
        let seed = Seed(for: "everyBitOfTheIndexIsNamedOrChangesNothing")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let sound = try makeLedger(ledger, &generator)
            let data = try DataBytes("\(ledger)/log/data.mdb")
            // The meta pages' records, and the first bytes of every page: header and index.
            for page in 0..<data.bytes.count / 4096 {
                for within in 0..<(page < 2 ? 152 : 24) {
                    let offset = page * 4096 + within
                    let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
                    try data.write(data.bytes[offset] ^ bit, at: offset)
                    #expect(
                        try isNamedOrHarmless(ledger, sound),
                        "byte \(offset) bit \(bit), \(seed)")
                    try data.write(data.bytes[offset], at: offset)
                }
            }
        }
    }

    @Test func aDamagedLedgerNeverCrashesItsWriter() throws {
        let seed = Seed(for: "aDamagedLedgerNeverCrashesItsWriter")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let sound = try makeLedger("\(path)/sound", &generator)
            let bytes = try DataBytes("\(path)/sound/log/data.mdb").bytes
            for round in 0..<60 {
                let ledger = "\(path)/\(round)"
                try FileManager.default.copyItem(atPath: "\(path)/sound", toPath: ledger)
                let data = try DataBytes("\(ledger)/log/data.mdb")
                let page = Int.random(in: 0..<bytes.count / 4096, using: &generator)
                let offset = page * 4096 + Int.random(in: 0..<64, using: &generator)
                try data.write(bytes[offset] ^ 0x10, at: offset)
                do {
                    let writer = try LedgerWriter.open(
                        ledger, options: LedgerOptions(mapBytes: 1 << 30, reserveBytes: 0))
                    #expect(writer.head.position <= sound.head.position, "\(seed)")
                    for _ in 0..<3 { try writer.appendAndWait(batch(2)) }
                } catch {
                    #expect(error is LedgerError)
                }
            }
        }
    }

    @Test func truncatedFilesAreRefused() throws {
        let seed = Seed(for: "truncatedFilesAreRefused")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let sound = try makeLedger(ledger, &generator)
            let file = "\(ledger)/log/data.mdb"
            let data = try DataBytes(file)
            for _ in 0..<40 {
                let length = Int.random(in: 0..<data.bytes.count, using: &generator)
                try Data(data.bytes[..<length]).write(to: URL(fileURLWithPath: file))
                #expect(try isNamedOrHarmless(ledger, sound), "\(length) bytes, \(seed)")
                #expect(refusal { _ = try LedgerWriter.open(ledger) } != nil)
            }
        }
    }

    @Test func aRolledBackLogIsFound() throws {
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let file = "\(ledger)/log/data.mdb"
            var writer: LedgerWriter? = try LedgerWriter.open(ledger)
            try writer?.appendAndWait(batch(3))
            writer = nil
            let earlier = try Data(contentsOf: URL(fileURLWithPath: file))
            writer = try LedgerWriter.open(ledger)
            try writer?.appendAndWait(batch(2))
            writer = nil
            try earlier.write(to: URL(fileURLWithPath: file))
            let report = try LedgerReader.open(ledger).verify()
            let known = Position(rawValue: 5)
            #expect(
                report.faults == [VerifyFault(position: known, cause: .behindHead(known: known))])
            let code = refusal { _ = try LedgerWriter.open(ledger) }
            #expect(code == .corrupt(position: .zero, .behindHead(known: known)))
            try FileManager.default.removeItem(atPath: file)
            #expect(refusal { _ = try LedgerWriter.open(ledger) } != nil)
        }
    }
}

/// The bytes of a file, and a way to change one behind everybody's back.
private struct DataBytes {
    let bytes: [UInt8]
    private let handle: FileHandle

    init(_ path: String) throws {
        bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        handle = try #require(FileHandle(forUpdatingAtPath: path))
    }

    func write(_ byte: UInt8, at offset: Int) throws {
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: Data([byte]))
    }
}
