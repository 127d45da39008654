import Foundation
import Projections

/// The rate decks that a ledger's directory holds go wherever its events go: the log names them by
/// their digests, and without them records cannot be priced again.
enum RateDeckCopy {
    /// Copies what is not there yet. Decks are files named for their content, so that a copy is
    /// either there or not.
    static func copy(from ledger: String, to other: String) throws {
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: "\(ledger)/rates")) ?? []
        for name in names.sorted() where name.hasSuffix(".csv") {
            if files.fileExists(atPath: "\(other)/rates/\(name)") { continue }
            let path = "\(ledger)/rates/\(name)"
            guard let bytes = FileBytes.read(path) else {
                throw CommandFailure(.inputOutput, "\(path) cannot be read; check its owner")
            }
            let digest = try RateDeckStore(ledger: other).keep(bytes)
            guard name == "\(digest).csv" else {
                throw CommandFailure(
                    .unusableLedger,
                    "\(path) is not the deck that was loaded; put the right file back")
            }
        }
    }
}
