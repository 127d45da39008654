import Ledger
import TestSupport

extension EventQuery {
    /// A query of any combination of filters, most of which `events` has answers to.
    static func random(
        over events: [Event], _ generator: inout SeededGenerator
    ) -> EventQuery {
        func isAsked() -> Bool { Bool.random(using: &generator) }
        func headers(_ count: ClosedRange<Int>) -> [EventHeader] {
            (0..<Int.random(in: count, using: &generator)).compactMap { _ in
                events.randomElement(using: &generator)?.header
            }
        }
        let end = UInt64(events.count) + 3
        var query = EventQuery(direction: isAsked() ? .forwards : .backwards)
        if isAsked() { query.from = Position(rawValue: .random(in: 0...end, using: &generator)) }
        if isAsked() { query.through = Position(rawValue: .random(in: 0...end, using: &generator)) }
        if isAsked() { query.streams = Set(headers(0...4).map(\.stream)) }
        if isAsked() { query.streams?.insert(StreamID(rawValue: generator.next())) }
        if isAsked() { query.kinds = Set(headers(0...3).map(\.kind)) }
        let times = headers(2...2).map(\.wallTime).sorted()
        if isAsked(), times.count == 2 { query.wallTimes = times[0]...times[1] }
        return query
    }

    /// The linear scan that every answer is held against.
    func answer(from events: [Event]) -> [Event] {
        let found = events.filter { event in
            from <= event.position && event.position <= through ?? event.position
                && streams?.contains(event.header.stream) ?? true
                && kinds?.contains(event.header.kind) ?? true
                && wallTimes?.contains(event.header.wallTime) ?? true
        }
        return direction == .forwards ? found : found.reversed()
    }
}

extension LedgerReader {
    func all(_ query: EventQuery) throws -> [Event] {
        var events: [Event] = []
        try read(query) { event in
            events.append(Event(event))
            return .next
        }
        return events
    }
}
