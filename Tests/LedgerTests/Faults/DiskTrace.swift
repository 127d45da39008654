import CDiskFaults
import Foundation

/// What a workload did to its log's data file, call by call, as its watched disk recorded it.
struct DiskTrace {
    struct Write {
        var offset: Int
        var bytes: ArraySlice<UInt8>
    }

    enum Step {
        case write(Write)
        case syncedWrite(Write)
        case flush
        case directoryFlush
        case rename
        /// The batch with this number was acknowledged.
        case acknowledged(Int)
    }

    /// A call and whether it was reported as failed.
    struct Call {
        var step: Step
        var hasFailed: Bool
    }

    let calls: [Call]

    init(contentsOf path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var calls: [Call] = []
        var offset = 0
        while offset + MemoryLayout<disk_record>.size <= bytes.count {
            let record = bytes.withUnsafeBytes {
                $0.loadUnaligned(fromByteOffset: offset, as: disk_record.self)
            }
            offset += MemoryLayout<disk_record>.size
            let end = offset + Int(record.length)
            guard end <= bytes.count else { break }
            let write = Write(offset: Int(record.offset), bytes: bytes[offset..<end])
            if let step = Self.step(record, write) {
                calls.append(Call(step: step, hasFailed: record.failed != 0))
            }
            offset = end
        }
        self.calls = calls
    }

    private static func step(_ record: disk_record, _ write: Write) -> Step? {
        switch disk_call(record.call) {
        case DISK_WRITE: .write(write)
        case DISK_SYNCED_WRITE: .syncedWrite(write)
        case DISK_FLUSH: .flush
        case DISK_DIRECTORY_FLUSH: .directoryFlush
        case DISK_RENAME: .rename
        case DISK_ACKNOWLEDGED: .acknowledged(Int(record.offset))
        default: nil
        }
    }
}
