/// What network, disk and machine do to a run.
struct Weather: Sendable {
    var network = NetworkWeather()
    var disk = DiskWeather()
    /// Of each step of the agent, in ten thousand.
    var killChance = 0
    var downtimeMilliseconds: ClosedRange<Int64> = 1...5_000
    /// Of the kills: the whole machine restarts, and its monotonic clock begins anew.
    var rebootPercent = 0
    /// Of each step of the agent, in ten thousand: someone sets the wall clock.
    var clockStepChance = 0

    /// Messages arrive at their first sending, and the wall clock can be trusted.
    var isExact: Bool {
        network.lossPercent == 0 && network.partitionChance == 0 && clockStepChance == 0
            && network.delayMilliseconds.upperBound <= 40
    }
}

struct NetworkWeather: Sendable {
    var lossPercent = 0
    var duplicatePercent = 0
    /// What is delayed unequally is reordered.
    var delayMilliseconds: ClosedRange<Int64> = 0...40
    /// Of each datagram: it is sent many times over.
    var stormPercent = 0
    /// Of each datagram, in ten thousand: nothing passes between the agent and that peer for a
    /// while, shorter than any transaction lives.
    var partitionChance = 0
    var partitionMilliseconds: ClosedRange<Int64> = 100...8_000
    /// Of each response to the agent: a copy arrives cut off somewhere.
    var truncatedPercent = 0
}

struct DiskWeather: Sendable {
    var commitMicroseconds: ClosedRange<Int64> = 200...15_000
    /// Of each commit, in ten thousand: the disk is slow for a while.
    var slowChance = 0
    var slowMilliseconds: ClosedRange<Int64> = 100...1_500
    /// Of each commit, in ten thousand: the disk is full for a while, but for its reserve.
    var fullChance = 0
    /// Of each commit, in ten thousand: the disk takes nothing for a while.
    var failingChance = 0
    var illnessMilliseconds: ClosedRange<Int64> = 50...9_000
    /// Of each commit, in ten thousand: nobody can say what became of it.
    var unknownChance = 0
}
