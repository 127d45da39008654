import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerReaderFollowTests {
    /// Runs `body` on a thread that may block.
    private func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { waiting in
            Thread.detachNewThread { waiting.resume(with: Result { try body() }) }
        }
    }

    @Test func followersMissNothing() async throws {
        try await withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let total: UInt64 = 600
            async let followed = withThrowingTaskGroup(of: [UInt64].self) { group in
                for start in UInt64(1)...3 {
                    group.addTask {
                        try await onThread {
                            var seen: [UInt64] = []
                            let reader = try LedgerReader.open("\(path)/ledger")
                            let from = Position(rawValue: start)
                            try reader.follow(from: from, until: { false }) { event in
                                seen.append(event.position.rawValue)
                                return event.position.rawValue == total ? .stop : .next
                            }
                            return Array(repeating: 0, count: Int(start) - 1) + seen
                        }
                    }
                }
                return try await group.reduce(into: [[UInt64]]()) { $0.append($1) }
            }
            for _ in 0..<300 { _ = try await writer.append(batch(2)) }
            for seen in try await followed {
                let lead = seen.prefix { $0 == 0 }.count
                #expect(Array(seen.dropFirst(lead)) == Array(UInt64(lead) + 1...total))
            }
        }
    }

    @Test func aFollowerAsksWhetherToStop() async throws {
        try await withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            _ = try await writer.append(batch(2))
            let reader = writer.reader
            let stop = Atomic<Bool>(false)
            let seen = Atomic<Int>(0)
            async let ended: Void = onThread {
                try reader.follow(
                    from: .first, until: { stop.load(ordering: .relaxed) },
                    { _ in
                        seen.add(1, ordering: .relaxed)
                        return .next
                    })
            }
            // Also where that throws: the follower is waited for.
            defer { stop.store(true, ordering: .relaxed) }
            try await eventually("both events") { seen.load(ordering: .relaxed) == 2 }
            stop.store(true, ordering: .relaxed)
            try await ended
            #expect(seen.load(ordering: .relaxed) == 2)
        }
    }
}
