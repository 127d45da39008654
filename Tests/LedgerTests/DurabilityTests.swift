import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct DurabilityTests {
    private func open(_ path: String, within span: Duration) throws -> LedgerWriter {
        try LedgerWriter.open(
            path,
            options: LedgerOptions(
                mapBytes: 1 << 30, reserveBytes: 0,
                durability: .losesNewestCommitOnPowerCut(within: span)))
    }

    private func remembered(_ path: String) throws -> Position? {
        try HeadFile(following: "\(path)/head")?.announced()?.position
    }

    /// `head` must never be ahead of what a power cut leaves: the ledger would be refused.
    @Test func theHeadFileRemembersWhatNothingTakesBack() throws {
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let writer = try open(ledger, within: .seconds(3_600))
            let first = try writer.appendAndWait(batch(3))
            #expect(try remembered(ledger) == .zero)
            #expect(writer.head.position == first.last)
            #expect(try writer.reader.all().count == 3)
            try writer.appendAndWait(batch(4))
            #expect(try remembered(ledger) == first.last)
            writer.close()
            #expect(try remembered(ledger) == Position(rawValue: 7))
        }
    }

    @Test func anIdleWriterFlushesInTime() async throws {
        try await withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let writer = try open(ledger, within: .milliseconds(1))
            let receipt = try await writer.append(batch(3))
            try await eventually("the flush") { try remembered(ledger) == receipt.last }
        }
    }

    @Test func whatIsSignedOrSealedIsFlushedBefore() throws {
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let writer = try open(ledger, within: .seconds(3_600))
            try writer.appendAndWait(batch(3))
            let signed = try writer.checkpoint(with: writer.signingKey())
            #expect(signed.checkpoint.position == Position(rawValue: 3))
            #expect(try remembered(ledger) == Position(rawValue: 3))
            try writer.appendAndWait(batch(2))
            try writer.seal()
            #expect(try remembered(ledger) == Position(rawValue: 5))
        }
    }

    @Test func followersAreWokenByEachCommit() async throws {
        try await withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let writer = try open(ledger, within: .seconds(3_600))
            let file = try #require(try HeadFile(following: "\(ledger)/head"))
            let before = file.changeCount
            _ = try await writer.append(batch(1))
            #expect(file.changeCount == before + 1)
        }
    }
}
