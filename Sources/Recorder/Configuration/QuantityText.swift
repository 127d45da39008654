internal import TrunkEvents

/// Durations, shares and counts as people write them.
enum QuantityText {
    /// The longest duration that is taken for intended: a year.
    private static let durationMax = Nanoseconds.seconds(366 * 86_400)

    /// `500ms`, `30s`, `5m`, `1h`; a number and one unit.
    static func duration(_ text: String) throws(TextProblem) -> Nanoseconds {
        let wrong = TextProblem("'\(text)' is not a duration; write it like 500ms, 30s, 5m or 1h")
        let digits = text.prefix { ("0"..."9").contains($0) }
        guard let count = Int64(digits) else { throw wrong }
        let unit: Int64
        switch text[digits.endIndex...] {
        case "ms": unit = 1_000_000
        case "s": unit = 1_000_000_000
        case "m": unit = 60_000_000_000
        case "h": unit = 3_600_000_000_000
        case "":
            throw TextProblem("'\(text)' has no unit; write \(text)s for seconds or \(text)ms")
        default: throw wrong
        }
        let product = count.multipliedReportingOverflow(by: unit)
        guard !product.overflow, Nanoseconds(product.partialValue) <= durationMax else {
            throw TextProblem("'\(text)' is longer than a year; write it like 500ms, 30s, 5m or 1h")
        }
        return Nanoseconds(product.partialValue)
    }

    /// `80%`: 1 to 100.
    static func percent(_ text: String) throws(TextProblem) -> UInt32 {
        guard text.last == "%", let value = UInt32(text.dropLast()), (1...100).contains(value)
        else { throw TextProblem("'\(text)' is not a share; write it like 80%, from 1% to 100%") }
        return value
    }

    static func count(_ text: String, in range: ClosedRange<UInt32>) throws(TextProblem) -> UInt32 {
        guard let value = UInt32(text), range.contains(value) else {
            throw TextProblem(
                "'\(text)' is not a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
