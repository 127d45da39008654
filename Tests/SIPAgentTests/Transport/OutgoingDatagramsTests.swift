import Glibc
import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct OutgoingDatagramsTests {
    private static let loopback = IPAddress(v4: 0x7F00_0001)

    private func number(_ bytes: [UInt8]) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private func bytes(_ number: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
    }

    @Test func beyondItsRoomNothingIsTaken() {
        var waiting = OutgoingDatagrams()
        let remote = Endpoint(address: Self.loopback, port: 9)
        for _ in 0..<OutgoingDatagrams.countMax {
            let isTaken = waiting.append([1], to: remote)
            #expect(isTaken)
        }
        let isTaken = waiting.append([1], to: remote)
        #expect(isTaken == false)
        waiting.removeAll()
        #expect(waiting.isEmpty)
    }

    /// A pair of datagram sockets whose far end nobody reads is full after a few: what is left
    /// keeps its order, however often it is tried and refilled.
    @Test func aFullSocketLosesAndReordersNothing() throws {
        var ends: [CInt] = [0, 0]
        let kind = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        var waiting = OutgoingDatagrams()
        var queuedCount = 0
        var received: [Int] = []
        while received.count < 20_000 {
            while queuedCount < 20_000, waiting.append(bytes(queuedCount), to: nil) {
                queuedCount += 1
            }
            _ = waiting.send(on: ends[0])
            var datagram = [UInt8](repeating: 0, count: 2)
            while recv(ends[1], &datagram, 2, 0) == 2 { received.append(number(datagram)) }
        }
        #expect(received == Array(0..<20_000))
        #expect(waiting.isEmpty)
    }
}
