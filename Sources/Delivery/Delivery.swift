public import Projections
public import TrunkEvents

/// Brings a destination every closed batch that it has not got yet, in order.
public struct Delivery {
    public let target: DeliveryTarget
    /// What the log calls the destination.
    public let name: String
    private var destination: any CDRDestination

    public init(to target: DeliveryTarget, name: String, headers: [String], timeout: Nanoseconds) {
        self.target = target
        self.name = name
        destination =
            switch target {
            case .sqlite(let path): SQLiteDestination(path: path)
            case .postgresql(let address): PostgreSQLDestination(address: address)
            case .http(let address):
                HTTPDestination(address: address, headers: headers, timeout: timeout)
            }
    }

    /// - Parameter arrived: called once the destination holds a batch; records the fact.
    public mutating func run(
        _ source: BatchSource, arrived: (ClosedBatch) throws -> Void
    ) throws {
        let logged = source.state(of: name).delivered
        let there = try destination.lastDelivered(of: source.ledger)
        if let there { try source.check(there) }
        let reached = there?.sequence ?? logged
        for batch in try source.batches(after: min(logged, reached)) {
            // What came between the two arrived before a crash kept it from the log, or is to be
            // sent again to a destination that was made anew.
            if batch.fact.sequence > reached { try destination.deliver(batch, of: source) }
            if batch.fact.sequence > logged { try arrived(batch) }
        }
    }
}
