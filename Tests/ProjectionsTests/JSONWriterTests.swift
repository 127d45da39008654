import Foundation
import Testing

@testable import Projections

@Suite struct JSONWriterTests {
    @Test func writesCommasOnlyBetween() {
        var json = JSONWriter()
        json.beginObject()
        json.key("a")
        json.integer(-1)
        json.key("b")
        json.beginArray()
        json.null()
        json.truth(true)
        json.beginObject()
        json.endObject()
        json.number(0.25)
        json.number(.nan)
        json.endArray()
        json.endObject()
        json.endLine()
        json.string("next")
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == "{\"a\":-1,\"b\":[null,true,{},0.25,null]}\n\"next\"")
    }

    @Test func everyTextReadsBack() throws {
        let text = String(String.UnicodeScalarView((0..<0x300).compactMap(Unicode.Scalar.init)))
        var json = JSONWriter()
        json.beginArray()
        json.string(text + "😀")
        json.endArray()
        let back = try JSONDecoder().decode([String].self, from: Data(json.bytes))
        #expect(back == [text + "😀"])
    }
}
