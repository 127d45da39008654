import Glibc
import MallocCounter
import SIPAgent

/// Parses one INVITE over and over, for a test and for `tools/bench`:
///
///     MessageWorkload TIMES
///
/// prints the heap blocks that all of it took, and the nanoseconds of processor time a message.
@main
enum MessageWorkload {
    static func main() {
        let times = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
        var indexer = DatagramIndexer()
        guard indexer.fieldCount(of: invite) == 13 else {
            return print("the INVITE cannot be read")
        }
        let before = malloc_count()
        let start = processorNanoseconds
        var fields = 0
        for _ in 0..<times { fields += indexer.fieldCount(of: invite) ?? 0 }
        let span = processorNanoseconds - start
        let blocks = malloc_count() - before
        precondition(fields == 13 * times, "a message was read otherwise")
        print("blocks \(blocks)")
        print("nanoseconds \(span / times)")
    }

    private static var processorNanoseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// What a dialer sends.
    private static let invite = Array(
        [
            "INVITE sip:+12125550100@203.0.113.10:5062 SIP/2.0",
            "Via: SIP/2.0/UDP 10.0.0.21:5060;branch=z9hG4bK6f1d2c3b4a;rport",
            "Max-Forwards: 70",
            "From: \"V1122334455\" <sip:2125550199@10.0.0.21>;tag=as4f8a2c11",
            "To: <sip:+12125550100@203.0.113.10:5062>",
            "Contact: <sip:2125550199@10.0.0.21:5060>",
            "Call-ID: 3c1b7a5e0d9f4e2a8b6c@10.0.0.21:5060",
            "CSeq: 102 INVITE",
            "User-Agent: Asterisk PBX 18.21.0-vici",
            "Date: Mon, 23 Nov 2026 14:03:11 GMT",
            "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO",
            "Supported: replaces, timer",
            "Content-Type: application/sdp",
            "Content-Length: 240",
            "",
            "v=0",
            "o=root 1189234 1189234 IN IP4 10.0.0.21",
            "s=Asterisk PBX",
            "c=IN IP4 10.0.0.21",
            "t=0 0",
            "m=audio 14022 RTP/AVP 0 8 101",
            "a=rtpmap:0 PCMU/8000",
            "a=rtpmap:8 PCMA/8000",
            "a=rtpmap:101 telephone-event/8000",
            "a=fmtp:101 0-16",
            "a=ptime:20",
            "a=sendrecv",
            "",
        ].joined(separator: "\r\n").utf8)
}
