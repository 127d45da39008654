import SIPAgent
import TrunkEvents

/// What was understood of how calls with a trunk or a dialer are conducted.
extension CallSettings {
    var summary: OutputValue {
        let reliable =
            switch reliability {
            case .refused: "no"
            case .onRequest: "yes"
            case .whereSupported: "peer_supported"
            }
        return .record([
            ("100rel", .text(reliable)),
            ("session_timer_s", OutputValue(count: sessionTimer?.interval)),
            ("session_timer_min_s", OutputValue(count: sessionTimer?.minimum)),
            ("max_duration_ms", maxDuration.map { .integer($0.milliseconds) } ?? .none),
            ("probe_calls_ms", probeInterval.map { .integer($0.milliseconds) } ?? .none),
            ("refer", .text(passesTransfers ? "pass" : "refuse")),
        ])
    }
}
