import TestSupport
import Testing

@testable import Ledger

@Suite struct ProducerWindowTests {
    private func stored(_ window: ProducerWindow) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: window.storedBytes)
        var room = bytes.mutableSpan
        var span = room.mutableBytes
        window.store(into: &span)
        return bytes
    }

    /// Against a window that remembers everything, in any order of sequences.
    @Test func theNewestSequencesAreRemembered() throws {
        let seed = Seed(for: "theNewestSequencesAreRemembered")
        var generator = seed.generator()
        var window = ProducerWindow()
        var recorded: [UInt64: Position] = [:]
        for step in UInt64(1)...600 {
            let sequence = step / 2 + UInt64.random(in: 1...8, using: &generator)
            let newest = recorded.keys.sorted().suffix(LedgerLimits.producerWindowMax)
            let isForgotten = recorded.count > newest.count && sequence < newest.first ?? 0
            switch window.verdict(on: sequence) {
            case .duplicate(let first): #expect(recorded[sequence] == first, "\(seed)")
            case .expired: #expect(isForgotten || recorded.count > newest.count, "\(seed)")
            case .fresh:
                #expect(recorded[sequence] == nil, "\(seed)")
                recorded[sequence] = Position(rawValue: step)
                window.note(sequence, first: Position(rawValue: step))
            }
            #expect(window.entries.count <= LedgerLimits.producerWindowMax)
        }
        #expect(window.forgotten > 0)
        #expect(try ProducerWindow(stored: stored(window).span.bytes) == window)
    }

    /// As many as the window holds are all remembered; one more forgets the lowest.
    @Test func theWindowForgetsAtItsLimit() {
        let most = UInt64(LedgerLimits.producerWindowMax)
        var window = ProducerWindow()
        for sequence in 1...most { window.note(sequence, first: Position(rawValue: sequence)) }
        #expect(window.verdict(on: 1) == .duplicate(first: .first))
        #expect(window.verdict(on: most + 1) == .fresh)
        window.note(most + 1, first: Position(rawValue: most + 1))
        #expect(window.verdict(on: 1) == .expired)
        #expect(window.verdict(on: 2) == .duplicate(first: Position(rawValue: 2)))
        #expect(
            window.verdict(on: most + 1) == .duplicate(first: Position(rawValue: most + 1)))
        #expect(window.entries.count == Int(most))
    }

    @Test func everyFlippedBitOfAStoredWindowIsFound() {
        var window = ProducerWindow()
        for sequence in UInt64(1)...3 { window.note(sequence, first: .first) }
        let sound = stored(window)
        for offset in sound.indices {
            for bit in 0..<8 {
                var bytes = sound
                bytes[offset] ^= 1 << bit
                #expect(throws: Corruption.self) { try ProducerWindow(stored: bytes.span.bytes) }
            }
        }
    }

    @Test func aFullWindowFitsALeafPage() {
        var window = ProducerWindow()
        for sequence in 1...UInt64(LedgerLimits.producerWindowMax) + 1 {
            window.note(sequence, first: .first)
        }
        // Two nodes and their headers in a page of 4 KiB: what LMDB stores without a page of
        // its own.
        #expect(window.storedBytes + 8 + 8 <= 2_038)
    }
}
