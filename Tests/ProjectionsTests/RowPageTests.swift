import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct RowPageTests {
    private struct Numbered: ProjectionRow, Hashable {
        let closedAt: Position
        func encode(into encoder: inout StateEncoder) { encoder.write(closedAt) }
        init(_ number: UInt64) { closedAt = Position(rawValue: number) }
        init(from decoder: inout StateDecoder) throws(StateDecodingError) {
            closedAt = try decoder.read()
        }
    }

    private func page(_ count: UInt64) -> RowPage {
        var page = RowPage()
        for number in 0..<count { page.append { Numbered(number).encode(into: &$0) } }
        return page
    }

    @Test func rowsAreFoundByNumberAndInOrder() throws {
        let bytes = page(5).bytes
        for number in 0..<5 {
            let row: Numbered? = RowPage.row(number, in: bytes)
            #expect(row == Numbered(UInt64(number)))
        }
        let none: Numbered? = RowPage.row(5, in: bytes)
        #expect(none == nil)
        var rows: [Numbered] = []
        RowPage.forEachRow(from: 2, in: bytes) { (row: Numbered) in
            rows.append(row)
            return rows.count < 2
        }
        #expect(rows == [Numbered(2), Numbered(3)])
    }

    @Test func whatIsWrittenAheadOfItsStateIsCutOff() {
        #expect(RowPage(page(5).bytes, rowCount: 3)?.bytes == page(3).bytes)
        #expect(RowPage(page(5).bytes, rowCount: 6) == nil)
        #expect(RowPage(page(5).bytes.dropLast(), rowCount: 5) == nil)
    }

    @Test func aMalformedRowEndsThePage() {
        var bytes = page(3).bytes
        bytes[12] = 7  // the second row's length
        let row: Numbered? = RowPage.row(1, in: bytes)
        #expect(row == nil)
        var count = 0
        RowPage.forEachRow(from: 0, in: bytes) { (_: Numbered) in
            count += 1
            return true
        }
        #expect(count == 1)
    }
}

extension RowPage {
    init?(_ bytes: ArraySlice<UInt8>, rowCount: Int) {
        self.init(Array(bytes), rowCount: rowCount)
    }
}
