import Ledger
import TrunkEvents

extension CallDetailRecords {
    /// The records of answered calls that go on, as if each had ended with the newest event: oldest
    /// call first. Their revision is 0, and the record of the end is revision 1 under the same id.
    public func interimRows() -> [CDRRow] {
        guard let last = lastEvent else { return [] }
        return openCalls.inOrder.flatMap { id, call in
            var ended = call
            if !call.isOver {
                ended.end = CallEnd(
                    stamp: last, by: .agent, source: .probe, code: nil, q850: nil)
            }
            return call.attempts.filter { $0.trunkAnswer(in: call) != nil }.map { attempt in
                var released = attempt
                released.released = attempt.released ?? last
                let record = MadeRecord(
                    call: id, ended, released, node: node, closedBy: last)
                var row = record.row
                row.revision = 0
                row.isInterim = true
                return row
            }
        }
    }
}
