public import TrunkEvents

/// The load of each trunk, by name; encoded like a dictionary.
public struct TrunkLoads: Sendable {
    private var table = DenseTable<TrunkName, TrunkLoad>()

    /// In the order in which they were first heard of.
    public var keys: [TrunkName] { table.keys }
    public var values: [TrunkLoad] { table.values }

    public subscript(_ trunk: TrunkName) -> TrunkLoad? {
        table.place(of: trunk).map { table.values[$0] }
    }

    /// Changes the load of `trunk`, where there is one.
    mutating func change(_ trunk: TrunkName, _ body: (inout TrunkLoad) -> Void) {
        if let place = table.place(of: trunk) { body(&table.values[place]) }
    }

    /// Changes the load of `trunk`, which begins empty.
    mutating func changeOrMake(_ trunk: TrunkName, _ body: (inout TrunkLoad) -> Void) {
        table.changeOrMake(trunk, TrunkLoad(), body)
    }
}

extension TrunkLoads: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(table.dictionary)
    }

    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        table = DenseTable(try decoder.read())
    }
}
