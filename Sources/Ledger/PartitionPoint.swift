extension Array {
    /// The first place from which `isBehind` holds; it must hold for all after it. `count` when it
    /// holds for none.
    func partitionPoint(_ isBehind: (borrowing Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
