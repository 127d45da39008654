import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct ReserveFileTests {
    /// A file system of 4 MiB, where this test may make one.
    private func withSmallDisk(_ body: (String) async throws -> Void) async throws {
        try await withProcesses { processes in
            let path = "\(processes.directory)/disk"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
            let mounted = try await processes.run(
                "/usr/bin/mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", path])
            guard mounted.status == .exited(0) else {
                print("no small disk can be mounted here, not tested: \(mounted.errorOutput)")
                return
            }
            var failure: (any Error)?
            do { try await body(path) } catch { failure = error }
            _ = try await processes.run("/usr/bin/umount", ["-l", path])
            if let failure { throw failure }
        }
    }

    /// Appends until the disk is full; the last position that landed.
    private func fill(_ writer: LedgerWriter) throws -> Position {
        // The last bytes too: a small batch may still fit where a large one does not.
        for size in [20_000, 10] {
            let events = batch(4, payload: [UInt8](repeating: 5, count: size))
            var code: LedgerError.Code?
            while code == nil { code = refusal { try writer.appendAndWait(events) } }
            #expect(code == .diskFull)
        }
        return writer.head.position
    }

    @Test func reserveAppendsLandOnAFullDisk() async throws {
        try await withSmallDisk { path in
            let filler = "\(path)/lost+found"
            try Data(count: 1 << 20).write(to: URL(fileURLWithPath: filler))
            let writer = try LedgerWriter.open(
                path, options: LedgerOptions(mapBytes: 1 << 30, reserveBytes: 1 << 20))
            let full = try fill(writer)
            for _ in 0..<5 { try writer.appendAndWait(batch(1), reserve: true) }
            // What was kept for reserve appends is not for others.
            #expect(refusal { try writer.appendAndWait(batch(1)) } == .diskFull)
            #expect(writer.head.position.rawValue == full.rawValue + 5)
            #expect(try writer.reader.verify().isSound)
            try FileManager.default.removeItem(atPath: filler)
            try await eventually("room for ordinary appends") {
                refusal { try writer.appendAndWait(batch(1)) } == nil
            }
            #expect(try writer.reader.verify().isSound)
        }
    }

    @Test func aFullDiskRefusesAndLosesNothing() async throws {
        try await withSmallDisk { path in
            var writer: LedgerWriter? = try LedgerWriter.open(
                path, options: LedgerOptions(mapBytes: 1 << 30, reserveBytes: 0))
            let full = try fill(try #require(writer))
            let head = writer?.head
            writer = nil
            #expect(full > .zero)
            let reader = try LedgerReader.open(path)
            #expect(try reader.head() == head)
            #expect(try reader.verify().isSound)
        }
    }

    @Test func aReserveIsHeldSpentAndRestored() throws {
        try withTemporaryDirectory { path in
            let file = "\(path)/reserve"
            var reserve = try ReserveFile(file, byteCount: 1 << 20, now: 0)
            let exists = { FileManager.default.fileExists(atPath: file) }
            let atFirst = (reserve.isWhole(now: 0), exists())
            #expect(atFirst == (true, true))
            let released = (reserve.release(now: 10), exists(), reserve.release(now: 11))
            #expect(released == (true, false, false))
            let tooSoon = reserve.isWhole(now: 12)
            let later = reserve.isWhole(now: 10 + LedgerLimits.reserveRetryNanoseconds)
            #expect((tooSoon, later, exists()) == (false, true, true))
        }
    }

    @Test func noReserveIsWantedOrNeeded() throws {
        try withTemporaryDirectory { path in
            var reserve = try ReserveFile("\(path)/reserve", byteCount: 0, now: 0)
            let answers = (reserve.isWhole(now: 0), reserve.release(now: 0))
            #expect(answers == (true, false))
        }
    }
}
