/// How many challenges of each protection space one request has answered, copies included.
struct ChallengeTally: Hashable, Sendable {
    private var counts = SIMD4<UInt8>()

    /// More realms than these have no say in one request.
    static let spacesMax = SIMD4<UInt8>.scalarCount

    subscript(space: Int) -> Int { Int(counts[space]) }

    mutating func count(_ space: Int) { counts[space] += 1 }
}
