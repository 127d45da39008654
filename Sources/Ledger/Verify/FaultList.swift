/// The faults found so far: listed up to a limit, all of them counted.
struct FaultList: Hashable {
    private(set) var faults: [VerifyFault] = []
    private(set) var count = 0

    mutating func note(_ position: Position, _ cause: Corruption) {
        let fault = VerifyFault(position: position, cause: cause)
        // Read again for the next frame under it, a page is found damaged again.
        if let last = faults.last, last == fault || last.isSamePage(as: fault) { return }
        count += 1
        if faults.count < LedgerLimits.verifyFaultsMax { faults.append(fault) }
    }

    mutating func append(_ others: FaultList) {
        for fault in others.faults { note(fault.position, fault.cause) }
        count += others.count - others.faults.count
    }
}

extension VerifyFault {
    fileprivate func isSamePage(as other: VerifyFault) -> Bool {
        guard case .page = cause else { return false }
        return cause == other.cause
    }
}
