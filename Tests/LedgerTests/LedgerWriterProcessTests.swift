import Foundation
import Glibc
import TestSupport
import Testing

@testable import Ledger

/// A writer in a process of its own: this test program once more, told to run `childWriter` only.
@Suite struct LedgerWriterProcessTests {
    private static let pathVariable = "TRUNKLEDGER_TEST_CHILD_LEDGER"
    private static var childPath: String? {
        ProcessInfo.processInfo.environment[pathVariable]
    }

    /// Appends without end, and prints the last position of every batch once it is durable.
    @Test(.enabled(if: childPath != nil)) func childWriter() throws {
        let writer = try LedgerWriter.open(try #require(Self.childPath))
        while true {
            let receipt = try writer.appendAndWait(batch(3))
            FileHandle.standardOutput.write(Data("acked \(receipt.last)\n".utf8))
        }
    }

    private func startChild(_ processes: ProcessScope, _ ledger: String) throws -> ChildProcess {
        let program = try FileManager.default.destinationOfSymbolicLink(
            atPath: "/proc/self/exe")
        // Under swift test the program is the testing helper, and its bundle an argument.
        var arguments: [String] = []
        let own = CommandLine.arguments
        if let bundle = own.firstIndex(of: "--test-bundle-path"), bundle + 1 < own.count {
            arguments += ["--test-bundle-path", own[bundle + 1], own[bundle + 1]]
        }
        return try processes.start(
            program,
            arguments + [
                "--testing-library", "swift-testing", "--filter", "childWriter",
            ],
            name: "writer", environment: [Self.pathVariable: ledger])
    }

    private func acked(_ child: ChildProcess) -> UInt64 {
        let lines = child.output.split(separator: "\n", omittingEmptySubsequences: false)
        // The last piece may be half a line.
        return lines.dropLast().compactMap { line in
            line.hasPrefix("acked ") ? UInt64(line.dropFirst(6)) : nil
        }.last ?? 0
    }

    @Test func aWriterInAnotherProcessIsFollowedAndNamed() async throws {
        try await withProcesses { processes in
            let ledger = "\(processes.directory)/ledger"
            let child = try startChild(processes, ledger)
            try await eventually("the first frame", within: .seconds(60)) { acked(child) > 0 }
            let code = refusal { _ = try LedgerWriter.open(ledger) }
            guard case .locked(let holder) = code else {
                Issue.record("not refused as locked: \(String(describing: code))")
                return
            }
            #expect(holder.pid == child.pid)
            let reader = try LedgerReader.open(ledger)
            var seen: [UInt64] = []
            try reader.follow(from: .first, until: { !child.isRunning }) { event in
                seen.append(event.position.rawValue)
                return seen.count == 300 ? .stop : .next
            }
            #expect(seen == Array(1...300))
            #expect(try reader.verify().isSound)
        }
    }

    @Test func whatWasAckedSurvivesAKill() async throws {
        try await withProcesses { processes in
            let ledger = "\(processes.directory)/ledger"
            var before: UInt64 = 0
            for _ in 0..<3 {
                let child = try startChild(processes, ledger)
                try await eventually("twenty batches", within: .seconds(60)) {
                    acked(child) >= before + 60
                }
                child.killNow()
                let durable = acked(child)
                let writer = try LedgerWriter.open(ledger)
                #expect(writer.head.position.rawValue >= durable)
                #expect(try writer.reader.verify().faults == [])
                before = writer.head.position.rawValue
                writer.close()
            }
        }
    }
}
