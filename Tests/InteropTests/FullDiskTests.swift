import Foundation
import TestSupport
import Testing

extension InteropTests {
    /// A ledger on a small file system of its own, which a private mount namespace gives.
    @Suite struct FullDiskTests {
        @Test(.timeLimit(.minutes(1)))
        func startOnAFullDiskSaysSo() async throws {
            try await withProcesses { scope in
                guard try await canMount(scope) else { return }
                let agent = try startOnSmallDisk(scope, Peer("127.0.0.1"), fill: true)
                let status = try await agent.wait(within: .seconds(20))
                #expect(status == .exited(74), "\(agent.errorOutput)")
                #expect(agent.errorOutput.split(separator: "\n").count == 1)
            }
        }

        /// New calls are refused while the disk is full, and taken when there is room again.
        @Test(.timeLimit(.minutes(1)))
        func diskThatFillsUpRefusesNewCalls() async throws {
            try await withProcesses { scope in
                guard try await canMount(scope) else { return }
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                let listen = Peer("127.0.0.1")
                let agent = try startOnSmallDisk(scope, listen, carrier.peer, fill: false)
                try await eventually("agent listens") { listen.isBound || !agent.isRunning }
                let before = try await place(scope, listen, from: 0)
                #expect(before == [200])
                let filler = "/proc/\(agent.pid)/root\(disk(scope))/filler"
                fill(filler)
                let during = try await place(scope, listen, from: 10)
                #expect(during == [503])
                #expect(agent.isRunning)
                try FileManager.default.removeItem(atPath: filler)
                try await eventually("calls are taken again", within: .seconds(20)) {
                    try await place(scope, listen, from: Int.random(in: 100...90_000)) == [200]
                }
            }
        }

        private func disk(_ scope: ProcessScope) -> String { "\(scope.directory)/disk" }

        private func canMount(_ scope: ProcessScope) async throws -> Bool {
            guard let unshare = Places.program("unshare") else { return false }
            let outcome = try await scope.run(
                unshare, ["-rm", "mount", "-t", "tmpfs", "t", "/mnt"])
            if !outcome.succeeded { print("no small disk to be had: \(outcome.errorOutput)") }
            return outcome.succeeded
        }

        private func startOnSmallDisk(
            _ scope: ProcessScope, _ listen: Peer, _ carrier: Peer = Peer("127.0.0.3"), fill: Bool
        ) throws -> ChildProcess {
            let disk = disk(scope)
            try FileManager.default.createDirectory(
                atPath: disk, withIntermediateDirectories: true)
            let configuration = AgentConfiguration(
                listen: listen, dialerContact: Peer("127.0.0.2"),
                trunks: [
                    .byAddress("alpha-1", at: carrier, channels: 5, extra: ["qualify: off"])
                ])
            let path = try scope.write(
                configuration.yaml(ledger: "\(disk)/ledger"), to: "disk.yaml")
            let filling = fill ? "cat /dev/zero > \(disk)/filler 2>/dev/null;" : ""
            let script = """
                mount -t tmpfs -o size=16m small \(disk) && { \(filling) \
                exec \(Places.trunkledger) agent --config \(path); }
                """
            return try scope.start(
                Places.program("unshare") ?? "unshare", ["-rm", "sh", "-c", script], name: "agent")
        }

        private func fill(_ path: String) {
            guard FileManager.default.createFile(atPath: path, contents: nil) else { return }
            guard let file = FileHandle(forWritingAtPath: path) else { return }
            for size in [1 << 20, 4_096] {
                let zeros = Data(count: size)
                while (try? file.write(contentsOf: zeros)) != nil {}
            }
            try? file.close()
        }

        private func place(
            _ scope: ProcessScope, _ listen: Peer, from offset: Int
        ) async throws -> [Int] {
            let caller = try scope.startCaller(
                Peer("127.0.0.2"), to: listen, NumberPlan.answeredAtOnce.calls(1, from: offset),
                rate: 1, holdMilliseconds: 200)
            try await caller.finish(within: .seconds(30))
            return caller.facts.filter { [.answered, .refused].contains($0.kind) }.map(\.code)
        }
    }
}
