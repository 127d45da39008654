import Glibc

/// What libFuzzer runs. One program holds all targets; the environment says which one is meant.
private let target: FuzzTarget = {
    guard let name = environment("TRUNKLEDGER_FUZZ_TARGET"), let target = FuzzTarget(rawValue: name)
    else { fatalError("TRUNKLEDGER_FUZZ_TARGET names no target") }
    return target
}()

private func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    do {
        try target.check(input)
        if input.reduce(0, { $0 &+ Int($1) }) % 256 == 0 { try target.check(grown(input)) }
    } catch {
        fatalError("\(target.rawValue): it does not hold that \(error)")
    }
    return 0
}

/// As large as a message may be, its middle over and over: work that grows with the square of the
/// length runs into the fuzzer's timeout.
private func grown(_ input: [UInt8]) -> [UInt8] {
    let third = input.count / 3
    guard third > 0 else { return input }
    let middle = input[third..<2 * third]
    let times = max(1, (65_535 - 2 * third) / third)
    return Array(input[..<third]) + repeatElement(middle, count: times).joined()
        + input[(2 * third)...]
}

/// With `TRUNKLEDGER_FUZZ_SEEDS=DIR` it writes the seeds of the target there instead.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>?, _ arguments: UnsafeMutableRawPointer?
) -> CInt {
    guard let directory = environment("TRUNKLEDGER_FUZZ_SEEDS") else { return 0 }
    for (number, seed) in Seeds.all(of: target).enumerated() {
        guard let file = fopen("\(directory)/seed-\(number)", "w") else {
            fatalError("\(directory) cannot be written to")
        }
        fwrite(seed, 1, seed.count, file)
        fclose(file)
    }
    exit(0)
}
