public import TrunkEvents

/// A closed set that is saved as one byte. Numbers keep their meaning within a fold's version.
public protocol StateChoice: StateCodable, RawRepresentable where RawValue == UInt8 {}

extension StateChoice {
    public func encode(into encoder: inout StateEncoder) { encoder.append(rawValue) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let offset = decoder.offset
        guard let value = Self(rawValue: try decoder.integer()) else {
            throw .invalidValue(offset: offset)
        }
        self = value
    }
}

extension TrunkAuthentication: StateChoice {}
extension CallDirection: StateChoice {}
extension EndedBy: StateChoice {}
extension EndSource: StateChoice {}
extension RefusalReason: StateChoice {}
extension AttemptFailure: StateChoice {}
extension CallLeg: StateChoice {}
