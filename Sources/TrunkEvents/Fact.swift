/// One kind of fact. Its stored properties, its decoder and `visit` list the same fields in the
/// same order; a round-trip test over every kind holds them together.
public protocol Fact: Hashable, Sendable {
    static var kind: FactKind { get }
    /// Raised when fields are added or change; older versions stay readable for ever.
    static var version: UInt8 { get }
    /// The first version that the decoder still reads, by `FactDecoder.version`.
    static var oldestVersion: UInt8 { get }
    var stream: FactStream { get }
    init(from decoder: inout FactDecoder) throws(FactDecodingError)
    func visit(_ visitor: inout some FactVisitor)
}

extension Fact {
    public static var oldestVersion: UInt8 { version }
}

/// Receives the fields of a fact in order: the encoder, and whatever prints facts.
public protocol FactVisitor {
    mutating func field(_ name: StaticString, _ value: some FactField)
}

/// A type that can stand in a fact.
public protocol FactField: Hashable, Sendable {
    func encode(into encoder: inout FactEncoder)
    init(from decoder: inout FactDecoder) throws(FactDecodingError)
    /// The value as people and JSON see it.
    var shown: FieldValue { get }
}

/// A field's value in the few shapes that JSON and tables know.
public enum FieldValue: Hashable, Sendable {
    case none
    case truth(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case text(String)
    case list([FieldValue])
}
