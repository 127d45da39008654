import TrunkEvents

@testable import SIPAgent

let alpha = TrunkName("alpha-1")!
let beta = TrunkName("beta-1")!

func instant(_ milliseconds: Int64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: 1_000_000_000).advanced(by: .milliseconds(milliseconds))
}

func seconds(from start: MonotonicInstant, to end: MonotonicInstant?) -> Double? {
    end.map { Double(start.duration(to: $0).count) / 1e9 }
}

let ownListener = Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 5062)

func registeringTrunk(
    _ name: TrunkName = alpha, password: Octets = "secret", channels: UInt32 = 2,
    probeInterval: Nanoseconds? = nil
) -> TrunkConfiguration {
    TrunkConfiguration(
        name: name, carrier: CarrierName("alpha")!,
        server: .endpoint(Endpoint(address: IPAddress(v4: 0x7F00_0003), port: 5070)),
        domain: "127.0.0.3:5070",
        registration: RegistrationConfiguration(
            user: "2125550100",
            credentials: Credentials(user: "2125550100", password: password)),
        sources: [], channels: ChannelLimits(total: channels), probeInterval: probeInterval)
}

func addressTrunk(
    _ name: TrunkName = beta, channels: ChannelLimits = ChannelLimits(total: 2),
    callsPerSecond: CallRateLimit? = nil, probeInterval: Nanoseconds? = nil
) -> TrunkConfiguration {
    TrunkConfiguration(
        name: name, carrier: CarrierName("beta")!,
        server: .endpoint(Endpoint(address: IPAddress(v4: 0x7F00_0004), port: 5080)),
        domain: "127.0.0.4:5080", sources: [], channels: channels,
        callsPerSecond: callsPerSecond, probeInterval: probeInterval)
}

func agent(_ trunks: [TrunkConfiguration]) -> AgentConfiguration {
    AgentConfiguration(
        node: ShortName("pbx1")!, listeners: [ownListener], dialers: [], trunks: trunks, routes: [])
}

/// An answer to a request of ours, which only its status and its headers distinguish.
func answer(_ status: Int, _ reason: String = "Answer", _ headers: String...) -> SIPMessage {
    let lines = [
        "SIP/2.0 \(status) \(reason)", "Via: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bK1",
        "From: <sip:2125550100@127.0.0.3:5070>;tag=a", "To: <sip:2125550100@127.0.0.3:5070>;tag=b",
        "Call-ID: c", "CSeq: 1 REGISTER",
    ]
    let text = (lines + headers + ["Content-Length: 0", "", ""]).joined(separator: "\r\n")
    do {
        return try SIPMessage(parsing: Array(text.utf8))
    } catch {
        preconditionFailure("a test's own answer is well formed: \(error)")
    }
}
