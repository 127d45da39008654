import Foundation
import TestSupport

/// A running baresip: it sends a tone of its own in every call and keeps what it hears.
struct Baresip {
    let child: ChildProcess
    let peer: Peer
    private let directory: String

    fileprivate init(child: ChildProcess, peer: Peer, directory: String) {
        self.child = child
        self.peer = peer
        self.directory = directory
    }

    /// The frequency in Hz of what it heard in its last call's last second; `nil`: less than that,
    /// or silence.
    var heard: Double? {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        guard let name = files.filter({ $0.hasSuffix("-dec.wav") }).max(),
            let file = FileManager.default.contents(atPath: "\(directory)/\(name)")
        else { return nil }
        let second = Tone(waveFile: file).samples.suffix(Tone.samplesPerSecond)
        guard second.count == Tone.samplesPerSecond, second.contains(where: { abs($0) > 4_000 })
        else { return nil }
        let rises = zip(second, second.dropFirst()).count { $0 < 0 && $1 >= 0 }
        return Double(rises)
    }
}

/// Sound as baresip plays and keeps it: WAVE, 8,000 samples a second of 16 bits, one channel.
private struct Tone {
    static let samplesPerSecond = 8_000
    private static let headerBytes = 44

    var samples: [Int16]

    init(hertz: Int, seconds: Int) {
        samples = (0..<(seconds * Self.samplesPerSecond)).map { index in
            let turn = Double(index * hertz) / Double(Self.samplesPerSecond)
            return Int16(10_000 * sin(2 * Double.pi * turn))
        }
    }

    init(waveFile: Data) {
        let bytes = [UInt8](waveFile.dropFirst(Self.headerBytes))
        samples = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
        }
    }

    var waveFile: Data {
        let length = UInt32(samples.count * 2)
        let rate = UInt32(Self.samplesPerSecond)
        var data = Data("RIFF".utf8) + Self.bytes(length + 36) + Data("WAVEfmt ".utf8)
        data += Self.bytes(16) + Self.bytes(UInt32(1 << 16 | 1)) + Self.bytes(rate)
        data += Self.bytes(rate * 2) + Self.bytes(UInt32(16 << 16 | 2))
        data += Data("data".utf8) + Self.bytes(length)
        for sample in samples {
            let word = UInt16(bitPattern: sample)
            data.append(contentsOf: [UInt8(word & 0xFF), UInt8(word >> 8)])
        }
        return data
    }

    private static func bytes(_ value: UInt32) -> Data {
        Data([0, 8, 16, 24].map { UInt8(value >> $0 & 0xFF) })
    }
}

/// What a baresip says of itself.
struct BaresipPlan {
    /// Whose calls it answers.
    var user: String
    /// Of its tone.
    var hertz: Int
    var certificates: PeerCertificates?
}

/// PEM files of a peer on TLS.
struct PeerCertificates {
    let own: Certificates.Pair
    let authority: String
}

extension ProcessScope {
    /// Answers every call for its user; calls a number itself where one is given, and hangs up
    /// after so many seconds.
    func startBaresip(
        _ program: String, at peer: Peer, _ plan: BaresipPlan,
        calling target: (uri: String, seconds: Int)? = nil
    ) async throws -> Baresip {
        let folder = "\(directory)/baresip.\(peer.port)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let tone = Tone(hertz: plan.hertz, seconds: 20).waveFile
        try tone.write(to: URL(fileURLWithPath: "\(folder)/tone.wav"))
        var lines = [
            "sip_listen \(peer)", "net_interface \(peer.address)",
            "audio_source aufile,\(folder)/tone.wav", "audio_player aubridge,sink",
            "module_path /usr/lib/baresip/modules", "module g711.so", "module aufile.so",
            "module aubridge.so", "module sndfile.so", "snd_path \(folder)",
            "module_app account.so", "module_app menu.so",
        ]
        if let certificates = plan.certificates {
            // baresip listens for TLS on the port after the one that it is given.
            lines[0] = "sip_listen \(peer.address):\(peer.port - 1)"
            let pair = certificates.own
            let both = try [pair.certificate, pair.key].map {
                try String(contentsOfFile: $0, encoding: .utf8)
            }
            try both.joined().write(
                toFile: "\(folder)/own.pem", atomically: true, encoding: .utf8)
            lines += [
                "sip_certificate \(folder)/own.pem", "sip_cafile \(certificates.authority)",
            ]
        }
        let transport = plan.certificates == nil ? "udp" : "tls"
        try write(lines.joined(separator: "\n") + "\n", to: "baresip.\(peer.port)/config")
        try write("", to: "baresip.\(peer.port)/contacts")
        try write(
            "<sip:\(plan.user)@\(peer);transport=\(transport)>;regint=0;answermode=auto\n",
            to: "baresip.\(peer.port)/accounts")
        let calling = target.map { ["-e", "/dial \($0.uri)", "-t", "\($0.seconds)"] } ?? []
        let child = try start(
            program, ["-f", folder] + calling, name: "baresip-\(peer.port)")
        try await eventually("baresip listens") { peer.isBound || !child.isRunning }
        return Baresip(child: child, peer: peer, directory: folder)
    }
}
