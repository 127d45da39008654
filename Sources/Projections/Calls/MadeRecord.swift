import Ledger
import TrunkEvents

/// A record as a fold makes it: its row without the texts, and where those lie. Stored, it has the
/// row's bytes, and its texts are copied once, from the call to the page. It is as large as a
/// call: nothing copies it.
struct MadeRecord: ~Copyable {
    /// Without texts.
    let figures: CDRRow
    private let texts: RecordTextSource

    /// Of an attempt whose channel is free and whose outcome is told.
    @inline(never)  // within a loop over attempts, each use of one would copy it
    init(
        call id: CallID, _ call: borrowing OpenCall, _ attempt: borrowing OpenAttempt,
        node: ShortName?, closedBy stamp: Stamp
    ) {
        let outcome = AttemptOutcome(attempt, in: call)
        figures = CDRRow(
            figuresOf: id, call, attempt, outcome, node: node, closedBy: stamp)
        texts = RecordTextSource(call, attempt, outcome)
    }

    var row: CDRRow {
        var row = figures
        row.texts = TextBlock(texts)
        return row
    }

    func encode(into encoder: inout StateEncoder) {
        figures.encode(into: &encoder, textBytesMax: texts.byteCountMax) {
            texts.store(in: &$0)
        }
    }
}

/// Takes the records that a fold makes.
protocol RecordSink {
    mutating func take(_ record: borrowing MadeRecord)
}

extension [CDRRow]: RecordSink {
    mutating func take(_ record: borrowing MadeRecord) { append(record.row) }
}

extension RowPacker<CallDetailRecords>: RecordSink {
    mutating func take(_ record: borrowing MadeRecord) {
        append { record.encode(into: &$0) }
    }
}
