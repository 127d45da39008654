import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct StateStoreTests {
    @Test func entriesAreStoredTogether() throws {
        try withTemporaryDirectory { path in
            let directory = "\(path)/state"
            #expect(refusal { _ = try StateStore.open(directory, readOnly: true) } == .notFound)
            var store: StateStore? = try StateStore.open(directory)
            #expect(try store?.load("cursor") == nil)
            let large = [UInt8](repeating: 7, count: 300_000)
            try store?.commit([("cursor", [1, 2]), ("state", large)])
            let reader = try StateStore.open(directory, readOnly: true)
            #expect(try reader.load("cursor") == [1, 2])
            #expect(try reader.load("state") == large)
            try store?.commit([("cursor", []), ("a", [9])])
            #expect(try reader.load("cursor") == [])
            #expect(try reader.load("state") == large)
            #expect(try reader.load("a") == [9])
            #expect(try reader.load("b") == nil)
            store = nil
        }
    }

    @Test func aStoreTakesThePlaceOfAnotherWhoseReadersReadOn() throws {
        try withTemporaryDirectory { path in
            let (place, fresh) = ("\(path)/state", "\(path)/state.next")
            for value in UInt8(1)...3 {
                let reader = value == 1 ? nil : try StateStore.open(place, readOnly: true)
                try StateStore.open(fresh).commit([("key", [value])])
                try StateStore.replace(place, by: fresh)
                #expect(try StateStore.open(place, readOnly: true).load("key") == [value])
                if let reader { #expect(try reader.load("key") == [value - 1]) }
                #expect(refusal { _ = try StateStore.open(fresh, readOnly: true) } == .notFound)
            }
            StateStore.remove(place)
            #expect(refusal { _ = try StateStore.open(place, readOnly: true) } == .notFound)
        }
    }

    @Test func stateSurvivesReopening() throws {
        try withTemporaryDirectory { path in
            for round in UInt8(0)..<5 {
                let store = try StateStore.open(path)
                #expect(try store.load("round") == (round == 0 ? nil : [round - 1]))
                try store.commit([("round", [round])])
            }
        }
    }

    @Test func manyKeysAreFound() throws {
        try withTemporaryDirectory { path in
            let store = try StateStore.open(path)
            let entries = (0..<500).map { index in
                (key: "key-\(index * 7919 % 500)", value: Array("value \(index)".utf8))
            }
            try store.commit(entries)
            for entry in entries { #expect(try store.load(entry.key) == entry.value) }
        }
    }

    @Test func aDamagedValueIsNotHandedOut() throws {
        try withTemporaryDirectory { path in
            let state = [UInt8]("find this text".utf8)
            try StateStore.open(path).commit([("state", state)])
            let file = URL(fileURLWithPath: "\(path)/data.mdb")
            var data = try Data(contentsOf: file)
            let place = try #require(data.range(of: Data(state)))
            data[place.lowerBound] ^= 1
            try data.write(to: file)
            let store = try StateStore.open(path, readOnly: true)
            #expect(
                refusal { _ = try store.load("state") }
                    == .corrupt(position: .zero, .valueChecksum))
        }
    }

    @Test func keysHaveALimit() throws {
        try withTemporaryDirectory { path in
            let store = try StateStore.open(path)
            let key = String(repeating: "k", count: LedgerLimits.stateKeyBytesMax + 1)
            #expect(refusal { try store.commit([(key, [])]) } == .tooLarge)
        }
    }
}
