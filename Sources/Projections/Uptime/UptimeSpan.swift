public import Ledger
public import TrunkEvents

/// A trunk, or a carrier with all its trunks.
public enum UptimeSubject: Hashable, Sendable {
    case trunk(TrunkName, of: CarrierName)
    case carrier(CarrierName)

    public var carrier: CarrierName {
        switch self {
        case .trunk(_, let carrier), .carrier(let carrier): carrier
        }
    }

    public var trunk: TrunkName? {
        switch self {
        case .trunk(let trunk, _): trunk
        case .carrier: nil
        }
    }

    /// Carriers by name, each before its trunks.
    public func precedes(_ other: UptimeSubject) -> Bool {
        guard carrier == other.carrier else { return carrier.precedes(other.carrier) }
        guard let trunk else { return other.trunk != nil }
        return other.trunk.map { trunk.precedes($0) } ?? false
    }
}

/// A stretch of time in one state. `cause` is what began it.
public struct UptimeSpan: ProjectionRow, Hashable {
    public let subject: UptimeSubject
    public let cause: UptimeCause
    public let from: WallInstant
    public let to: WallInstant
    public let closedAt: Position

    public init(
        subject: UptimeSubject, cause: UptimeCause, from: WallInstant, to: WallInstant,
        closedAt: Position
    ) {
        self.subject = subject
        self.cause = cause
        self.from = from
        self.to = to
        self.closedAt = closedAt
    }

    public var state: UptimeState { cause.state }
}

extension UptimeSubject: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(carrier)
        encoder.write(trunk)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let carrier: CarrierName = try decoder.read()
        let trunk: TrunkName? = try decoder.read()
        self = trunk.map { .trunk($0, of: carrier) } ?? .carrier(carrier)
    }
}

extension UptimeSpan: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(subject)
        encoder.write(cause)
        encoder.write(from)
        encoder.write(to)
        encoder.write(closedAt)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        subject = try decoder.read()
        cause = try decoder.read()
        from = try decoder.read()
        to = try decoder.read()
        closedAt = try decoder.read()
    }
}
