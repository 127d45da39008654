import ArgumentParser
import Foundation

/// How long a message stays in an element, seen on the wire: an INVITE from the caller until it
/// leaves for the callee, and a 180 from the callee until it leaves for the caller.
///
/// The kernel stamps each datagram as it arrives (raw(7)), so neither SIPp's nor our own delays
/// count. `X-Bench` crosses the element and names the call on both sides.
final class Residence {
    private struct Passing {
        var inviteIn: Double?
        var inviteOut: Double?
        var ringingIn: Double?
        var ringingOut: Double?

        /// Seconds; `nil` while something is missing.
        var total: Double? {
            guard let inviteIn, let inviteOut, let ringingIn, let ringingOut else { return nil }
            return inviteOut - inviteIn + ringingOut - ringingIn
        }
    }

    private let socket: Int32
    private let port: Int
    private var passings: [Int: Passing] = [:]

    /// - Parameter port: the element's; the callee has the next one, the caller the one after.
    init(port: Int) throws {
        self.port = port
        socket = Glibc.socket(AF_INET, Int32(SOCK_RAW.rawValue), Int32(IPPROTO_UDP))
        guard socket >= 0 else {
            throw CleanExit.message("residence needs root: datagrams are seen through raw(7)")
        }
        var on: Int32 = 1
        var size: Int32 = 64 << 20
        let length = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, length)
        setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &size, length)
    }

    deinit { close(socket) }

    /// Reads what has passed until nothing of these calls came for two seconds; other programs may
    /// talk meanwhile.
    func read() {
        var packet = [UInt8](repeating: 0, count: 65_536)
        var newest: Double?
        while let (count, time) = next(&packet), time < (newest ?? time) + 2 {
            if note(packet[..<count], at: time) { newest = time }
        }
    }

    /// Milliseconds, the quickest first.
    var milliseconds: [Double] {
        passings.values.compactMap(\.total).map { $0 * 1_000 }.sorted()
    }

    private func next(_ packet: inout [UInt8]) -> (count: Int, seconds: Double)? {
        var wait = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&wait, 1, 500) > 0 else { return nil }
        var control = [UInt8](repeating: 0, count: 128)
        return packet.withUnsafeMutableBytes { bytes in
            control.withUnsafeMutableBytes { ancillary in
                var part = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                return withUnsafeMutablePointer(to: &part) { vector in
                    var header = msghdr()
                    header.msg_iov = vector
                    header.msg_iovlen = 1
                    header.msg_control = ancillary.baseAddress
                    header.msg_controllen = ancillary.count
                    let count = recvmsg(socket, &header, 0)
                    guard count > 0 else { return nil }
                    // One control message: its header of 16 bytes, then a timespec.
                    let seconds = ancillary.loadUnaligned(fromByteOffset: 16, as: Int.self)
                    let rest = ancillary.loadUnaligned(fromByteOffset: 24, as: Int.self)
                    return (count, Double(seconds) + Double(rest) / 1e9)
                }
            }
        }
    }

    /// An IPv4 packet. `false`: it says nothing of these calls.
    private func note(_ packet: ArraySlice<UInt8>, at time: Double) -> Bool {
        let header = Int(packet[0] & 15) * 4
        guard packet.count > header + 8, packet[9] == UInt8(IPPROTO_UDP) else {
            return false
        }
        let word = { (offset: Int) in Int(packet[offset]) << 8 | Int(packet[offset + 1]) }
        let (source, target) = (word(header), word(header + 2))
        guard source == port || target == port else { return false }
        let text = packet[(header + 8)...]
        let isInvite = text.starts(with: Array("INVITE ".utf8))
        guard isInvite || text.starts(with: Array("SIP/2.0 180".utf8)),
            let call = Self.call(in: text)
        else { return false }
        var passing = passings[call] ?? Passing()
        switch (isInvite, source == port) {
        case (true, false): passing.inviteIn = passing.inviteIn ?? time
        case (true, true): passing.inviteOut = passing.inviteOut ?? time
        case (false, false): passing.ringingIn = passing.ringingIn ?? time
        case (false, true): passing.ringingOut = passing.ringingOut ?? time
        }
        passings[call] = passing
        return true
    }

    private static func call(in text: ArraySlice<UInt8>) -> Int? {
        let message = String(decoding: text, as: UTF8.self)
        guard let name = message.range(of: "X-Bench: ") else { return nil }
        return Int(message[name.upperBound...].prefix { $0.isNumber })
    }
}

extension CallLoad {
    /// The median and the 99th percentile, in milliseconds.
    func residence(
        in element: some SIPElement
    ) throws -> (median: Double, percentile99: Double) {
        let loaded = try LoadedElement(element, scratch: scratch)
        defer { loaded.stop() }
        let residence = try Residence(port: loaded.port)
        try loaded.startCalls(calls, rate: rate, hold: 1_000)
        residence.read()
        _ = try loaded.waitForCalls()
        let all = residence.milliseconds
        guard all.count * 2 > calls else {
            throw CleanExit.message("only \(all.count) of \(calls) calls were seen on the wire")
        }
        return (all[all.count / 2], all[all.count * 99 / 100])
    }
}
