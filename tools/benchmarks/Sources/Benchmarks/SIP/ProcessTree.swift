import Foundation

/// A process and its descendants, as proc(5) shows them.
struct ProcessTree {
    private let entries: [(id: Int32, ticks: UInt64)]

    init(root: Int32) {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let stats = all.compactMap(Int32.init).compactMap(Self.stat)
        var family: Set<Int32> = [root]
        var size = 0
        while family.count != size {
            size = family.count
            family.formUnion(stats.filter { family.contains($0.parent) }.map(\.id))
        }
        entries = stats.filter { family.contains($0.id) }.map { ($0.id, $0.ticks) }
    }

    /// User and system time so far.
    var processorSeconds: Double {
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        return entries.map { Double($0.ticks) / ticks }.reduce(0, +)
    }

    /// Anonymous resident memory. What processes share counts once: Kamailio keeps its calls in it.
    var anonymousBytes: Double {
        entries.map { Self.anonymousKilobytes(of: $0.id) }.reduce(0, +) * 1_024
    }

    /// Each process's share of the pages that it maps.
    private static func anonymousKilobytes(of id: Int32) -> Double {
        let text = try? String(contentsOfFile: "/proc/\(id)/smaps_rollup", encoding: .utf8)
        let values = (text ?? "").split(separator: "\n")
            .filter { $0.hasPrefix("Pss_Anon:") || $0.hasPrefix("Pss_Shmem:") }
            .compactMap { $0.split(separator: " ").dropFirst().first.flatMap { Double($0) } }
        return values.reduce(0, +)
    }

    private static func stat(_ id: Int32) -> (id: Int32, parent: Int32, ticks: UInt64)? {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let parent = Int32(fields[1]), let user = UInt64(fields[11]),
            let system = UInt64(fields[12])
        else { return nil }
        return (id, parent, user + system)
    }
}
