import Foundation

/// Where a test finds the package, its built programs and shared data, on any machine.
public enum Places {
    /// The folder that holds `Package.swift`.
    public static let packageRoot: String = {
        let starts = [#filePath, FileManager.default.currentDirectoryPath + "/x", testProgram]
        for start in starts {
            if let root = ancestor(of: start, holding: "Package.swift") { return root }
        }
        preconditionFailure("no Package.swift above \(starts)")
    }()

    /// The built `trunkledger`.
    public static let trunkledger: String = {
        if let given = ProcessInfo.processInfo.environment["TRUNKLEDGER_BINARY"] { return given }
        return built("trunkledger")
    }()

    /// A program of this package, which the package manager puts beside the test bundle.
    public static func built(_ name: String) -> String {
        directory(of: testProgram) + "/" + name
    }

    /// `../shared/NAME` beside the package, or nil where a user's clone has none of it (said once
    /// per call, so that a test which falls back to its own data is seen to do so).
    public static func shared(_ name: String) -> String? {
        let path = directory(of: packageRoot) + "/shared/" + name
        if FileManager.default.fileExists(atPath: path) { return path }
        print("../shared/\(name) is not here; the test's own data is used instead")
        return nil
    }

    /// An installed program's path, or nil.
    public static func program(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders =
            path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin"]
        return folders.map { "\($0)/\(name)" }.first(
            where: FileManager.default.isExecutableFile(atPath:))
    }

    private static let testProgram: String =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        ?? CommandLine.arguments[0]

    private static func directory(of path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().path
    }

    private static func ancestor(of path: String, holding name: String) -> String? {
        var folder = directory(of: path)
        while folder != "/" {
            if FileManager.default.fileExists(atPath: "\(folder)/\(name)") { return folder }
            folder = directory(of: folder)
        }
        return nil
    }
}
