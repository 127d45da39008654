public import Projections
public import TrunkEvents

extension RecorderConfiguration {
    /// Each trunk's maintenance windows, which reports leave out of its availability: they need
    /// neither the secrets nor the DNS of the agent. What is no window is left to 'config check'.
    public static func maintenance(
        inFile path: String
    ) throws(ConfigurationError) -> [TrunkName: [MaintenanceWindow]] {
        let root = try ConfigurationNode.parse(try text(of: path), file: path)
        var windows: [TrunkName: [MaintenanceWindow]] = [:]
        for carrier in root?["carriers"]?.elements ?? [] {
            for trunk in carrier["trunks"]?.elements ?? [] {
                guard let name = trunk["name"]?.text.flatMap({ TrunkName($0) }) else { continue }
                windows[name] = (trunk["maintenance"]?.elements ?? []).compactMap {
                    $0.text.flatMap { MaintenanceWindow($0) }
                }
            }
        }
        return windows
    }
}

extension ConfigurationNode {
    /// The value of a section's key.
    fileprivate subscript(key: String) -> ConfigurationNode? {
        guard case .section(let entries) = content else { return nil }
        return entries.first { $0.key.text == key }?.value
    }

    /// A list's elements; a single value counts as a list of one.
    fileprivate var elements: [ConfigurationNode] {
        switch content {
        case .list(let elements): elements
        case .text: [self]
        case .nothing, .section: []
        }
    }
}
