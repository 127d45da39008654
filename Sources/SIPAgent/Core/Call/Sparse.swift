/// An optional that takes one word where it is empty, for what few of many calls have.
struct Sparse<Value: Sendable>: Sendable {
    private var held: [Value] = []

    var value: Value? {
        get { held.first }
        set {
            if let newValue { held = [newValue] } else { held = [] }
        }
    }
}
