public import Ledger
public import TrunkEvents

/// The channels in use, now and at marks of the past: the index by which ``OccupancyArchive``
/// answers for any instant.
public struct OccupancyHistory: FactFold {
    public typealias Row = OccupancyMark
    public static let name = "occupancy-history"
    public static let version: UInt32 = 1
    /// Events between two marks: at most so many are folded for an answer. A mark takes about
    /// twenty bytes for each channel that is held.
    public static let stride: UInt64 = 8_192
    /// A mark of full trunks takes kilobytes, and an answer wants one of them.
    public static let rowsPerPage = 1

    public private(set) var occupancy = TrunkOccupancy()

    public init() {}

    public mutating func read(
        _ fact: borrowing FactView, at stamp: Stamp, finished rows: inout [OccupancyMark]
    ) throws(FactDecodingError) {
        try occupancy.read(fact, at: stamp)
        guard stamp.position.rawValue.isMultiple(of: Self.stride) else { return }
        rows.append(
            OccupancyMark(closedAt: stamp.position, encodedOccupancy: occupancy.encoded))
    }
}

/// The channels in use after an event.
public struct OccupancyMark: ProjectionRow, Hashable {
    public let closedAt: Position
    /// Decoded only for the one mark that an answer begins at.
    fileprivate let encodedOccupancy: [UInt8]

    func occupancy() throws(StateDecodingError) -> TrunkOccupancy {
        try TrunkOccupancy(decoding: encodedOccupancy)
    }
}

extension OccupancyHistory: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.write(occupancy) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        occupancy = try decoder.read()
    }
}

extension OccupancyMark: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(closedAt)
        encoder.append(UInt64(encodedOccupancy.count))
        encoder.append(contentsOf: encodedOccupancy)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        closedAt = try decoder.read()
        let count: UInt64 = try decoder.integer()
        encodedOccupancy = try decoder.bytes(count: Int(clamping: count))
    }
}
