public import Ledger
public import TrunkEvents

/// The decks that were loaded, in the order of the log.
public struct RateDeckHistory: Projection {
    public static let name = "rate-decks"
    public static let version: UInt32 = 1
    public static let kinds: FactKinds? = [.rateDeckLoaded]

    public private(set) var decks: [LoadedRateDeck] = []

    public init() {}

    public mutating func apply(_ entry: LogEntry, finished rows: inout [NoRow]) {
        guard case .rateDeckLoaded(let fact) = entry.event else { return }
        decks.append(LoadedRateDeck(position: entry.position, at: entry.wall, fact: fact))
    }
}

public struct LoadedRateDeck: Hashable, Sendable {
    public let position: Position
    public let at: WallInstant
    public let fact: RateDeckLoaded
}

extension RateDeckHistory: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.write(decks) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        decks = try decoder.read()
    }
}

extension LoadedRateDeck: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(position)
        encoder.write(at)
        encoder.write(fact)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        position = try decoder.read()
        at = try decoder.read()
        fact = try decoder.read()
    }
}

extension RoundingRule: StateChoice {}

extension RateDeckLoaded: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(carrier)
        encoder.write(direction)
        encoder.write(currency)
        encoder.write(effectiveFrom)
        encoder.write(firstSeconds)
        encoder.write(stepSeconds)
        encoder.write(secondsRounding)
        encoder.write(amountRounding)
        encoder.write(decimals)
        encoder.write(zoneSeconds)
        encoder.write(peak)
        encoder.write(rateCount)
        encoder.write(fileName)
        encoder.write(sha256)
        encoder.write(statesSHA256)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(
            carrier: try decoder.read(), direction: try decoder.read(),
            currency: try decoder.read(), effectiveFrom: try decoder.read(),
            firstSeconds: try decoder.read(), stepSeconds: try decoder.read(),
            secondsRounding: try decoder.read(), amountRounding: try decoder.read(),
            decimals: try decoder.read(), zoneSeconds: try decoder.read(),
            peak: try decoder.read(), rateCount: try decoder.read(),
            fileName: try decoder.read(), sha256: try decoder.read(),
            statesSHA256: try decoder.read())
    }
}
