import Foundation

/// One figure beside its peer's.
struct Measure: Encodable {
    enum Bar {
        case atLeast(Double)
        case atMost(Double)
        case none

        var text: String {
            switch self {
            case .atLeast(let ratio): "ratio >= \(ratio)"
            case .atMost(let ratio): "ratio <= \(ratio)"
            case .none: "-"
            }
        }

        func holds(_ ratio: Double) -> Bool {
            switch self {
            case .atLeast(let bar): ratio >= bar
            case .atMost(let bar): ratio <= bar
            case .none: true
            }
        }
    }

    let name: String
    let value: Double
    let unit: String
    let peer: String
    let peerValue: Double
    let ratio: Double
    let bar: String
    let holds: Bool

    enum CodingKeys: String, CodingKey {
        case name, value, unit, peer, ratio, bar, holds
        case peerValue = "peer_value"
    }

    init(
        _ name: String, _ value: Double, unit: String, peer: String, _ peerValue: Double, bar: Bar
    ) {
        self.name = name
        self.value = value
        self.unit = unit
        self.peer = peer
        self.peerValue = peerValue
        ratio = value / peerValue
        self.bar = bar.text
        holds = bar.holds(ratio)
    }

    /// A figure that has no peer and may not be more than `bound`.
    init(_ name: String, _ value: Double, unit: String, atMost bound: Double) {
        self.init(name, value, unit: unit, peer: "bound", bound, bar: .atMost(1))
    }

    /// A figure that has no peer and may not be less than `bound`.
    init(_ name: String, _ value: Double, unit: String, atLeast bound: Double) {
        self.init(name, value, unit: unit, peer: "bound", bound, bar: .atLeast(1))
    }
}

enum Report {
    static func print(_ measures: [Measure], context: [String], json: Bool) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            for measure in measures {
                Swift.print(String(decoding: try encoder.encode(measure), as: UTF8.self))
            }
            return
        }
        for line in context { Swift.print(line) }
        let header = ["measure", "ours", "unit", "peer", "peer's", "ratio", "bar", "holds"]
        let rows = measures.map {
            [
                $0.name, number($0.value), $0.unit, $0.peer, number($0.peerValue),
                String(format: "%.2f", $0.ratio), $0.bar, $0.holds ? "yes" : "no",
            ]
        }
        let widths = header.indices.map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        for row in [header] + rows {
            let cells = zip(row, widths).map {
                $0.padding(toLength: $1, withPad: " ", startingAt: 0)
            }
            Swift.print(cells.joined(separator: "  "))
        }
    }

    private static func number(_ value: Double) -> String {
        String(format: value >= 100 ? "%.0f" : value >= 0.1 ? "%.2f" : "%.4f", value)
    }
}

func median(_ values: [Double]) -> Double {
    precondition(!values.isEmpty, "a median needs a value")
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
