import Testing
import TrunkEvents

@testable import trunkledger

@Test func valuesBecomeJSONInTheirOrder() {
    let value = OutputValue.record([
        ("z", .integer(-1)), ("a", .text("\"q\"\n")), ("none", .none), ("yes", .truth(true)),
        ("at", .instant(WallInstant(nanoseconds: 1_500_000_000))),
        ("exact", .exactInstant(WallInstant(nanoseconds: 1_500_000_001))),
        ("list", .list([.unsigned(1), .number(0.5)])),
    ])
    #expect(
        value.jsonText == #"{"z":-1,"a":"\"q\"\n","none":null,"yes":true,"#
            + #""at":"1970-01-01T00:00:01.500Z","exact":"1970-01-01T00:00:01.500000001Z","#
            + #""list":[1,0.5]}"#)
}

@Test func csvFieldsArePlain() {
    #expect(OutputValue.none.csvText == "")
    #expect(OutputValue.list([.text("a"), .text("b")]).csvText == "a|b")
    #expect(OutputValue.list([.record([("a", .none)])]).csvText == #"[{"a":null}]"#)
}
