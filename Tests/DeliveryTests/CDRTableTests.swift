import Projections
import Testing

@testable import Delivery

@Suite struct CDRTableTests {
    @Test func aRowIsKnownByIdAndRevision() {
        let definition = CDRTable(dialect: .postgresql).definition
        #expect(definition.hasPrefix("CREATE TABLE IF NOT EXISTS trunkledger_cdr (cdr_id TEXT, "))
        #expect(definition.hasSuffix("PRIMARY KEY (cdr_id, rev))"))
        #expect(definition.contains("t_answer TIMESTAMPTZ, "))
        #expect(definition.contains("talk_ms BIGINT, "))
        #expect(CDRTable.onConflict.contains("talk_ms = excluded.talk_ms"))
        #expect(!CDRTable.onConflict.contains("rev = excluded.rev"))
    }

    @Test func aTableOfAnOlderVersionLacksColumns() {
        let table = CDRTable(dialect: .postgresql)
        let all = Set(CDRTable.Column.all.map(\.name))
        #expect(table.additions(to: all.union(["their_own"])).isEmpty)
        #expect(
            table.additions(to: all.subtracting(["amount", "codec"])) == [
                "ALTER TABLE trunkledger_cdr ADD COLUMN codec TEXT",
                "ALTER TABLE trunkledger_cdr ADD COLUMN amount NUMERIC",
            ])
    }

    @Test func databasesGetNoNUL() {
        #expect(CDRValue.text("a\0\u{301}b").columnText == "a\u{FFFD}\u{301}b")
        #expect(CDRValue.text("plain").columnText == "plain")
        #expect(CDRValue.none.columnText == "")
    }
}
