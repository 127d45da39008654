/// A value that most calls have for moments only: eight bytes where it is absent, and a place of
/// its own on the heap while it is there.
///
/// Thousands of calls are held at once, so what is laid out within a call costs its size for each.
@propertyWrapper
struct OutOfLine<Value: Sendable>: Sendable {
    private indirect enum Place: Sendable {
        case empty
        case taken(Value)
    }

    private var place = Place.empty

    init() {}

    init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

    var wrappedValue: Value? {
        get {
            switch place {
            case .empty: nil
            case .taken(let value): value
            }
        }
        set {
            place = newValue.map { .taken($0) } ?? .empty
        }
    }
}
