import ArgumentParser
import Ledger
import TrunkEvents

struct LedgerStatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stat",
        abstract: "What the ledger consists of, and where its bytes go.",
        discussion: """
            Looks through the whole log, without its payloads. Works while the agent runs.
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    func run() throws {
        let rows = Self.rows(try source.reader().statistics())
        switch output.format {
        case .json, .ndjson:
            output.show("", rows.map { ($0.name, $0.value) })
        case .table, .csv:
            var listing = try Listing(Self.columns, output, to: StandardOutput())
            for row in rows { listing.add(row) }
            listing.finish(empty: "")
        }
    }

    /// One thing that is said.
    private struct Row {
        var name: String
        var value: OutputValue
        var text: String?
    }

    private static let columns: [ListingColumn<Row>] = [
        ListingColumn(
            "name", "WHAT", value: { .text($0.name) },
            cell: { TableCell($0.name.split(separator: "_").joined(separator: " ")) }),
        ListingColumn(
            "value", "", .right, value: { $0.value },
            cell: { TableCell($0.text ?? $0.value.csvText) }),
    ]

    private static func rows(_ found: LedgerStatistics) -> [Row] {
        contents(found) + space(found)
    }

    private static func contents(_ found: LedgerStatistics) -> [Row] {
        [
            Row(name: "ledger", value: OutputValue(found.lineage.ledger)),
            Row(name: "origin", value: .text(found.lineage.origin)),
            Row(name: "format", value: .unsigned(UInt64(found.format))),
            Row(name: "backup", value: .truth(found.isBackup)),
            Row(name: "created", value: instant(found.created)),
            Row(
                name: "restored",
                value: found.lineage.descents.last.map { instant($0.time) } ?? .none),
            Row(name: "events", value: .unsigned(found.head.position.rawValue)),
            Row(name: "head_link", value: OutputValue(found.head.link)),
            Row(name: "sealed_through", value: .unsigned(found.sealedThrough.rawValue)),
            Row(name: "segments", value: .integer(Int64(found.segments))),
            Row(name: "archived_segments", value: .integer(Int64(found.archivedSegments))),
            Row(name: "frames", value: .integer(Int64(found.frames))),
            Row(name: "streams", value: .integer(Int64(found.streams))),
            Row(name: "producers", value: .integer(Int64(found.producers))),
            Row(name: "checkpoints", value: .integer(Int64(found.checkpoints))),
            Row(
                name: "newest_checkpoint",
                value: found.newestCheckpoint.map { .unsigned($0.rawValue) } ?? .none),
            Row(name: "readers", value: .integer(Int64(found.readers))),
        ]
    }

    private static func space(_ found: LedgerStatistics) -> [Row] {
        let parts = found.parts
        let share = Double(found.fileBytes) / Double(max(found.mapBytes, 1))
        return [
            bytes("payload_bytes", parts.payload), bytes("event_bytes", parts.events),
            bytes("index_bytes", parts.indexes), bytes("leaf_bytes", parts.leaves),
            bytes("tile_bytes", parts.tiles), bytes("record_bytes", parts.records),
            bytes("free_bytes", parts.free), bytes("overhead_bytes", parts.overhead),
            bytes("file_bytes", found.fileBytes), bytes("disk_bytes", found.diskBytes),
            bytes("map_bytes", found.mapBytes),
            Row(
                name: "map_fill", value: .number(share),
                text: "\((share * 1_000).rounded() / 10) %"),
            found.reserveBytes.map { bytes("reserve_bytes", $0) }
                ?? Row(name: "reserve_bytes", value: .none),
        ]
    }

    private static func bytes(_ name: String, _ count: UInt64) -> Row {
        Row(name: name, value: .unsigned(count), text: ByteText.people(count))
    }

    private static func instant(_ nanoseconds: Int64) -> OutputValue {
        .instant(WallInstant(nanoseconds: nanoseconds))
    }
}
