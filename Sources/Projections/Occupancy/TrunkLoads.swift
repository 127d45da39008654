public import TrunkEvents

/// The load of each trunk, by name; encoded like a dictionary.
///
/// A dictionary's value is changed in place through a coroutine, whose frame comes from the heap;
/// an array's element is not. A replay changes one for every seizure and release.
public struct TrunkLoads: Sendable {
    private var places: [TrunkName: Int] = [:]
    /// In the order in which they were first heard of.
    public private(set) var keys: [TrunkName] = []
    public private(set) var values: [TrunkLoad] = []

    public subscript(_ trunk: TrunkName) -> TrunkLoad? {
        places[trunk].map { values[$0] }
    }

    /// Changes the load of `trunk`, where there is one.
    mutating func change(_ trunk: TrunkName, _ body: (inout TrunkLoad) -> Void) {
        if let place = places[trunk] { body(&values[place]) }
    }

    /// Changes the load of `trunk`, which begins empty.
    mutating func changeOrMake(_ trunk: TrunkName, _ body: (inout TrunkLoad) -> Void) {
        if let place = places[trunk] { return body(&values[place]) }
        places[trunk] = keys.count
        keys.append(trunk)
        values.append(TrunkLoad())
        body(&values[values.count - 1])
    }
}

extension TrunkLoads: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(Dictionary(uniqueKeysWithValues: zip(keys, values)))
    }

    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let loads = try [TrunkName: TrunkLoad](from: &decoder)
        for (trunk, load) in loads { changeOrMake(trunk) { $0 = load } }
    }
}
