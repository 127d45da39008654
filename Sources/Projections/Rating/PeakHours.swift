import TrunkEvents

/// When a deck's peak rates hold, and how that is written.
public struct PeakHours: Hashable, Sendable {
    private let hours: WeeklyHours
    public let text: String

    /// `mon-fri 08:00-18:00, sat 09:00-13:00`; `nil` for anything else.
    public init?(_ text: String) {
        guard let hours = WeeklyHours(text) else { return nil }
        self.hours = hours
        self.text = text
    }

    /// - Parameter seconds: since 1970 on the deck's clock.
    func contains(localSeconds seconds: Int64) -> Bool {
        hours.contains(WeeklyHours.minute(localSeconds: seconds))
    }
}
