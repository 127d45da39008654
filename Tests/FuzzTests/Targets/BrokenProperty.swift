/// What an input showed to be untrue.
struct BrokenProperty: Error, CustomStringConvertible {
    let description: String
}

/// Holds a property, or ends the check with its name.
func hold(
    _ isTrue: Bool, _ property: @autoclosure () -> String
) throws(BrokenProperty) {
    if !isTrue { throw BrokenProperty(description: property()) }
}
