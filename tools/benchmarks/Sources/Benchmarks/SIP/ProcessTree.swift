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

    /// Anonymous resident memory of all, and the memory that they share, once: Kamailio keeps its
    /// calls in it.
    var anonymousBytes: Double {
        let own = entries.map { Self.kilobytes("RssAnon", of: $0.id) }.reduce(0, +)
        let shared = entries.map { Self.kilobytes("RssShmem", of: $0.id) }.max() ?? 0
        return (own + shared) * 1024
    }

    private static func kilobytes(_ field: String, of id: Int32) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("\(field):") }),
            let value = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
        else { return 0 }
        return Double(value) ?? 0
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
