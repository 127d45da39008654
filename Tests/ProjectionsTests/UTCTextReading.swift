import TrunkEvents

@testable import Projections

extension WallInstant {
    /// Reads what ``utcText`` writes.
    init?(utcText text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let frame = Array("0000-00-00T00:00:00.000Z".utf8)
        guard bytes.count == frame.count else { return nil }
        for (byte, wanted) in zip(bytes, frame) {
            guard wanted == 0x30 ? (0x30...0x39).contains(byte) : byte == wanted else { return nil }
        }
        let number = { (range: Range<Int>) in
            bytes[range].reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        }
        let date = CivilDate(year: number(0..<4), month: number(5..<7), day: number(8..<10))
        guard (1...12).contains(date.month), (1...31).contains(date.day) else { return nil }
        let hours = date.daysSince1970 * 24 + number(11..<13)
        let seconds = (hours * 60 + number(14..<16)) * 60 + number(17..<19)
        let milliseconds = seconds * 1_000 + number(20..<23)
        let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return nil }
        self.init(nanoseconds: nanoseconds)
    }
}
