import Foundation
import Glibc
import TestSupport
import Testing

@testable import Ledger
@testable import LedgerWorkload

/// Single bits of the data file flip, anywhere: `verify` names each that lies in live data, and
/// all others change no answer.
///
/// `TRUNKLEDGER_BIT_FLIPS=N` flips N bits instead of 10,000.
@Suite struct LedgerBitFlipTests {
    private static let flips =
        ProcessInfo.processInfo.environment["TRUNKLEDGER_BIT_FLIPS"].flatMap { Int($0) }
        ?? 10_000

    /// A data file mapped for changing it behind everybody's back.
    private struct FlippedFile: ~Copyable {
        let bytes: UnsafeMutableRawBufferPointer

        init(_ path: String) throws {
            let descriptor = open(path, O_RDWR | O_CLOEXEC)
            defer { close(descriptor) }
            var status = stat()
            try #require(fstat(descriptor, &status) == 0)
            let mapped = mmap(
                nil, Int(status.st_size), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
            try #require(mapped != MAP_FAILED)
            bytes = UnsafeMutableRawBufferPointer(
                start: mapped, count: Int(status.st_size))
        }

        deinit { munmap(bytes.baseAddress, bytes.count) }

        func flip(_ bit: Int) { bytes[bit / 8] ^= 1 << UInt8(bit % 8) }
    }

    /// Batches of a workload over two boots: leaves, branches, overflow runs, free pages.
    private func makeLedger(_ path: String, seed: UInt64) throws {
        for boot in UInt32(0)..<2 {
            let writer = try LedgerWriter.open(path, options: LedgerWorkload.options)
            for number in 0..<30 {
                let batch = WorkloadBatch(
                    seed: seed, producer: 0, number: boot * 30 + UInt32(number))
                try writer.appendAndWait(batch.batch)
            }
            writer.close()
        }
    }

    /// What `verify` says; an error instead where the ledger cannot even be opened.
    private func faults(_ path: String) -> Result<[VerifyFault], LedgerError> {
        Result { () throws(LedgerError) in try LedgerReader.open(path).verify().faults }
    }

    private func check(
        _ flip: Int, _ path: String, _ live: LiveBytes, _ expected: inout ExpectedBatches
    ) throws -> Bool {
        switch faults(path) {
        case .failure: return true
        case .success(let faults) where faults.isEmpty:
            if let frame = live.frame(at: flip / 8) {
                throw WrongContent("a flip in the frame from \(frame.first) on is not named")
            }
            let content = try WorkloadContent(try LedgerReader.open(path), &expected)
            guard content.isGapless, content.numbers[0]?.count == 60 else {
                throw WrongContent("a flip that is not named changes what is read")
            }
            return false
        case .success(let faults):
            guard let frame = live.frame(at: flip / 8) else { return true }
            let names = faults.contains { $0.position >= frame.first && $0.position <= frame.last }
            if !names { throw WrongContent("\(faults) do not name \(frame.first)") }
            return true
        }
    }

    @Test func everyFlippedBitIsNamedOrHarmless() async throws {
        let seed = Seed(for: "everyFlippedBitIsNamedOrHarmless")
        var generator = seed.generator()
        try await withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            try makeLedger(ledger, seed: seed.value)
            let live = try LiveBytes(LedgerReader.open(ledger))
            #expect(live.frames.count == 60)
            var expected = ExpectedBatches(seed: seed.value)
            let file = try FlippedFile("\(ledger)/log/data.mdb")
            var named = 0
            for _ in 0..<Self.flips {
                let bit = Int.random(in: 0..<file.bytes.count * 8, using: &generator)
                file.flip(bit)
                #expect(throws: Never.self, "byte \(bit / 8), bit \(bit % 8), \(seed)") {
                    if try check(bit, ledger, live, &expected) { named += 1 }
                }
                file.flip(bit)
                await Task.yield()
            }
            print("\(named) of \(Self.flips) flips named, \(Self.flips - named) harmless")
            #expect(named > Self.flips / 20)
            #expect(try LedgerReader.open(ledger).verify().isSound)
        }
    }
}
