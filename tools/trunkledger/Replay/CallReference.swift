import ArgumentParser
import Ledger
import Projections
import TrunkEvents

/// A call on the command line: by its own id, or by that of one of its records.
enum CallReference: ExpressibleByArgument {
    case call(CallID)
    case record(CDRID)

    init?(argument: String) {
        if let call = CallID(argument) {
            self = .call(call)
        } else if let record = CDRID(argument), record.position > .zero {
            self = .record(record)
        } else {
            return nil
        }
    }

    /// Every fact of the call, in order.
    func facts(in reader: LedgerReader) throws -> [LogEntry] {
        var facts: [LogEntry] = []
        guard let call = try id(in: reader) else { throw missing }
        try reader.read(stream: StreamID(rawValue: FactStream(call).rawValue)) { view in
            facts.append(try LogEntry.read(view))
            return .next
        }
        return facts
    }

    func ladder(in reader: LedgerReader) throws -> CallLadder {
        guard let ladder = CallLadder(try facts(in: reader)) else { throw missing }
        return ladder
    }

    /// A record is named for the position of its seizure.
    private func id(in reader: LedgerReader) throws -> CallID? {
        switch self {
        case .call(let id): return id
        case .record(let record):
            guard try record.position <= reader.head().position else { return nil }
            var found: CallID?
            try reader.read(from: record.position, through: record.position) { view in
                if case .channelSeized(let fact) = try LogEntry.read(view).event {
                    found = fact.call
                }
                return .stop
            }
            return found
        }
    }

    var missing: CommandFailure {
        let name =
            switch self {
            case .call(let id): id.description
            case .record(let id): id.description
            }
        return CommandFailure(
            .badInput,
            "there is no call '\(name)' in this ledger; 'trunkledger cdr list' shows ids")
    }
}
