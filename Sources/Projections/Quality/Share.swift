/// A part of a whole. Without a whole there is no share, which is not the same as none of it.
public struct Share: Hashable, Sendable {
    public var part: UInt64
    public var whole: UInt64

    public init(_ part: UInt64, of whole: UInt64) {
        self.part = part
        self.whole = whole
    }

    /// 0 to 1; `nil` without a whole.
    public var value: Double? { whole == 0 ? nil : Double(part) / Double(whole) }
}
