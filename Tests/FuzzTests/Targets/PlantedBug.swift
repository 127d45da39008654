/// A reader that believes a length in one case: one of more than 200 behind `SIP:`. To get there, a
/// fuzzer has to be led by coverage, state by state: chance alone would need some 2^32 tries.
enum PlantedBug {
    private enum State { case start, s, si, sip, colon }

    static func check(_ input: [UInt8]) throws(BrokenProperty) {
        var state = State.start
        for byte in input {
            switch (state, byte) {
            case (.start, UInt8(ascii: "S")): state = .s
            case (.s, UInt8(ascii: "I")): state = .si
            case (.si, UInt8(ascii: "P")): state = .sip
            case (.sip, UInt8(ascii: ":")): state = .colon
            case (.colon, 201...): throw BrokenProperty(description: "the planted bug")
            default: state = .start
            }
        }
    }
}
