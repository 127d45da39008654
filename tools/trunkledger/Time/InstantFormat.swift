import Foundation
import TrunkEvents

/// Instants for people (in their zone) and for programs (RFC 3339).
struct InstantFormat {
    var zone: TimeZone

    /// `2026-11-22 14:03:05.250`.
    func people(_ instant: WallInstant) -> String {
        let parts = parts(instant)
        return "\(parts.date) \(parts.time).\(Self.padded(instant.fraction / 1_000_000, 3))"
    }

    /// `14:03:05.250`.
    func clock(_ instant: WallInstant) -> String {
        "\(parts(instant).time).\(Self.padded(instant.fraction / 1_000_000, 3))"
    }

    private func parts(_ instant: WallInstant) -> (date: String, time: String) {
        let moment = Date(timeIntervalSince1970: Double(instant.seconds))
        let local = instant.seconds + Int64(zone.secondsFromGMT(for: moment))
        let day = Calendar.utc.dateComponents(
            [.year, .month, .day], from: Date(timeIntervalSince1970: Double(local)))
        let ofDay = local - CivilSeconds(local).startOfDay
        let date = [(day.year ?? 0, 4), (day.month ?? 0, 2), (day.day ?? 0, 2)]
            .map { Self.padded(Int64($0.0), $0.1) }.joined(separator: "-")
        let time = [ofDay / 3_600, ofDay / 60 % 60, ofDay % 60]
            .map { Self.padded($0, 2) }.joined(separator: ":")
        return (date, time)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Lengths of time for people.
enum SpanText {
    /// `3d 04h`, `2h 05m`, `1m 07s`, `12.3s`, `250ms`.
    static func people(milliseconds: Int64) -> String {
        let seconds = milliseconds / 1_000
        let two = { (value: Int64) in value < 10 ? "0\(value)" : "\(value)" }
        switch seconds {
        case ..<1: return "\(milliseconds)ms"
        case ..<60: return "\(seconds).\(milliseconds / 100 % 10)s"
        case ..<3_600: return "\(seconds / 60)m \(two(seconds % 60))s"
        case ..<86_400: return "\(seconds / 3_600)h \(two(seconds / 60 % 60))m"
        default: return "\(seconds / 86_400)d \(two(seconds / 3_600 % 24))h"
        }
    }
}
