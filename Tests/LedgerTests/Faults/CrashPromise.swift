/// Which batches must be found after a power cut, as a trace goes on.
struct CrashPromise {
    private let mayLoseNewest: Bool
    private var acknowledged: [UInt32] = []
    /// A flush failed: what it may have lost is there when the meta page was written again.
    private var isDoubtful = false
    /// The numbers of the batches that must be there.
    private(set) var kept: [UInt32] = []

    init(mayLoseNewest: Bool) { self.mayLoseNewest = mayLoseNewest }

    mutating func take(_ call: DiskTrace.Call) {
        switch call.step {
        case .acknowledged(let number):
            acknowledged.append(UInt32(number))
            if !mayLoseNewest { kept = acknowledged }
        case .flush where call.hasFailed: isDoubtful = true
        case .flush where !isDoubtful: kept = acknowledged
        case .syncedWrite where !call.hasFailed:
            isDoubtful = false
            kept = acknowledged
        default: break
        }
    }
}
