import Foundation

/// A file of `Tests/InteropTests/Scenarios` with its `@NAMES@` filled in.
public struct Scenario: Sendable {
    public let fileName: String
    private let values: [String: String]

    public init(_ fileName: String, _ values: [String: String]) {
        self.fileName = fileName
        self.values = values
    }

    public func text() throws -> String {
        let path = "\(Places.packageRoot)/Tests/InteropTests/Scenarios/\(fileName)"
        return values.reduce(try String(contentsOfFile: path, encoding: .utf8)) { text, value in
            text.replacingOccurrences(of: "@\(value.key)@", with: value.value)
        }
    }
}
