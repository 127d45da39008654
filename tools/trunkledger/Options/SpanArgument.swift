import ArgumentParser
import TrunkEvents

/// A length of time on the command line: `500ms`, `30s`, `5m`, `1h30m`, `2d`.
struct SpanArgument: ExpressibleByArgument, Hashable {
    var span: Nanoseconds

    init(_ span: Nanoseconds) { self.span = span }

    init?(argument: String) {
        guard let span = InstantText.span(argument) else { return nil }
        self.span = span
    }

    var defaultValueDescription: String {
        span == .zero ? "0s" : SpanText.people(milliseconds: span.milliseconds)
    }
}
