import Foundation
import TrunkEvents

@testable import SIPAgent

/// Tells on standard output what happens in a world, when `TRUNKLEDGER_SIMULATION_TRACE` is set: to
/// all calls, or to those whose lines hold its value.
struct Trace {
    private static let wanted =
        ProcessInfo.processInfo.environment["TRUNKLEDGER_SIMULATION_TRACE"]

    static func tell(_ line: @autoclosure () -> String, at now: MonotonicInstant) {
        guard let wanted else { return }
        let text = line()
        guard wanted.isEmpty || text.contains(wanted) else { return }
        print("\(now.nanoseconds / 1_000_000) \(text)")
    }

    static func describe(_ bytes: [UInt8]) -> String {
        guard let message = SIPMessage(own: bytes) else { return "(unreadable)" }
        let start = bytes.prefix { $0 != 13 }
        let line = message.isRequest ? start.prefix { $0 != 32 } : start
        return "\(Octets(Array(line))) \(Octets(Array(message.callID)))"
            + " \(message.cseq.number) \(message.cseq.method.name)"
            + " to=\(Octets(Array(message.to.tag ?? [])))"
    }
}
