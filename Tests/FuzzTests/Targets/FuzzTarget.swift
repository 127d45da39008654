/// What is fuzzed: each takes any bytes and says which of its properties they break. The fuzzer
/// (`tools/fuzz`) and the tests that replay found cases run the very same code.
enum FuzzTarget: String, CaseIterable {
    case message, uri, header, sdp, stream, event, frame, segment, agent, dns, location
    /// Holds a planted bug: a fuzzer that does not find it finds nothing.
    case canary

    func check(_ input: [UInt8]) throws(BrokenProperty) {
        switch self {
        case .message: try MessageProperties.check(input)
        case .uri: try URIProperties.check(input[...])
        case .header: try HeaderProperties.check(input)
        case .sdp: try SessionDescriptionProperties.check(input)
        case .stream: try StreamProperties.check(input)
        case .event: try EventProperties.check(input)
        case .frame: try FrameProperties.check(input)
        case .segment: try SegmentProperties.check(input)
        case .agent: try AgentProperties.check(input)
        case .dns: try DNSProperties.check(input)
        case .location: try LocationProperties.check(input)
        case .canary: try PlantedBug.check(input)
        }
    }
}
