import Testing

@testable import Recorder

@Test(arguments: [
    ("channels", "channels", 0), ("chanels", "channels", 1), ("hcannels", "channels", 1),
    ("Channels", "channels", 0), ("", "abc", 3), ("abc", "", 3), ("", "", 0),
    ("kitten", "sitting", 3),
])
func distanceCountsSlips(a: String, b: String, distance: Int) {
    #expect(TextDistance.between(a, b) == distance)
    #expect(TextDistance.between(b, a) == distance)
}

@Test func nearestIsWhatWasMeantOrNothing() {
    let keys = ["name", "address", "channels", "channels_in"]
    #expect(TextDistance.nearest(to: "chanels", among: keys) == "channels")
    #expect(TextDistance.nearest(to: "adress", among: keys) == "address")
    #expect(TextDistance.nearest(to: "password", among: keys) == nil)
    #expect(TextDistance.nearest(to: "x", among: []) == nil)
}
