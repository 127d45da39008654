import TestSupport

/// A data file on a disk with a volatile cache: what is surely there, and what a power cut may
/// leave of the rest.
///
/// The kernel writes back pages whenever and in whatever order it likes, and a disk may tear a
/// page between sectors. A flush makes everything before it durable; a flush that failed may have
/// made any of it durable, and the kernel then forgets that the rest was dirty.
struct SimulatedDisk {
    static let pageBytes = 4_096
    static let sectorBytes = 512

    /// How much of what was not flushed has reached the disk.
    enum Survival: CaseIterable {
        case nothing
        case everything
        /// Whole pages, in any combination.
        case pages
        /// Any combination of sectors.
        case sectors
    }

    /// Whether the log has got its name.
    enum Naming {
        case unnamed
        case renamed
        case durable
    }

    private(set) var durable: [UInt8] = []
    /// What was written since, split at pages, in order.
    private var pending: [DiskTrace.Write] = []
    private(set) var naming = Naming.unnamed
    /// Flushes do nothing: for the test of the tests.
    var ignoresFlushes = false

    mutating func run(_ call: DiskTrace.Call, _ generator: inout SeededGenerator) {
        switch call.step {
        case .write(let write): pending += Self.pages(of: write)
        case .syncedWrite(let write):
            if call.hasFailed || ignoresFlushes {
                pending += Self.pages(of: write)
            } else {
                makeDurable(write)
            }
        case .flush: flush(hasFailed: call.hasFailed, &generator)
        case .directoryFlush: if naming == .renamed, !call.hasFailed { naming = .durable }
        case .rename: if !call.hasFailed { naming = .renamed }
        case .acknowledged: break
        }
    }

    private mutating func flush(hasFailed: Bool, _ generator: inout SeededGenerator) {
        if ignoresFlushes { return }
        for write in pending where !hasFailed || Bool.random(using: &generator) {
            Self.put(write, into: &durable)
        }
        pending = []
    }

    /// Through O_DSYNC: the pages that the write touches, with what else was written to them.
    private mutating func makeDurable(_ write: DiskTrace.Write) {
        let touched = Set(Self.pages(of: write).map { $0.offset / Self.pageBytes })
        for other in pending where touched.contains(other.offset / Self.pageBytes) {
            Self.put(other, into: &durable)
        }
        pending.removeAll { touched.contains($0.offset / Self.pageBytes) }
        Self.put(write, into: &durable)
    }

    /// What is found after a power cut during `call`.
    func image(
        during call: DiskTrace.Call?, _ survival: Survival, _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var image = durable
        var uncertain = pending
        switch call?.step {
        case .write(let write), .syncedWrite(let write): uncertain += Self.pages(of: write)
        default: break
        }
        for page in uncertain {
            switch survival {
            case .nothing: break
            case .everything: Self.put(page, into: &image)
            case .pages: if Bool.random(using: &generator) { Self.put(page, into: &image) }
            case .sectors:
                for sector in Self.split(page, at: Self.sectorBytes)
                where Bool.random(using: &generator) {
                    Self.put(sector, into: &image)
                }
            }
        }
        // A file may have got its new length without the bytes.
        let length = uncertain.map { $0.offset + $0.bytes.count }.max() ?? 0
        if length > image.count, survival != .nothing, Bool.random(using: &generator) {
            image += [UInt8](repeating: 0, count: length - image.count)
        }
        return image
    }

    private static func pages(of write: DiskTrace.Write) -> [DiskTrace.Write] {
        split(write, at: pageBytes)
    }

    private static func split(
        _ write: DiskTrace.Write, at multiple: Int
    ) -> [DiskTrace.Write] {
        var parts: [DiskTrace.Write] = []
        var rest = write
        while !rest.bytes.isEmpty {
            let count = min(multiple - rest.offset % multiple, rest.bytes.count)
            parts.append(DiskTrace.Write(offset: rest.offset, bytes: rest.bytes.prefix(count)))
            rest = DiskTrace.Write(
                offset: rest.offset + count, bytes: rest.bytes.dropFirst(count))
        }
        return parts
    }

    private static func put(_ write: DiskTrace.Write, into image: inout [UInt8]) {
        let end = write.offset + write.bytes.count
        if end > image.count { image += [UInt8](repeating: 0, count: end - image.count) }
        image.withUnsafeMutableBytes { target in
            write.bytes.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(rebasing: target[write.offset..<end])
                    .copyMemory(from: source)
            }
        }
    }
}
