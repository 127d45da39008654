import TrunkEvents

/// Where the decks lie: `LEDGER/rates/SHA256.csv`, so that a deck is exactly what the log says.
public struct RateDeckStore: Sendable {
    public let directory: String

    /// - Parameter path: the ledger's directory.
    public init(ledger path: String) {
        directory = path + "/rates"
    }

    /// Keeps a file for good; one that is there already stays.
    ///
    /// - Returns: its digest.
    @discardableResult
    public func keep(_ bytes: [UInt8]) throws(ExportError) -> Digest {
        let digest = Digest(of: bytes)
        try DurableFile.makeDirectory(directory)
        try DurableFile.replace(path(digest), with: bytes)
        try DurableFile.syncDirectory(directory)
        return digest
    }

    /// The book of every deck that the log names.
    public func book(_ history: RateDeckHistory) throws(RateDeckStoreError) -> RatingBook {
        var book = RatingBook()
        for loaded in history.decks {
            book.add(try deck(loaded.fact), loadedAt: loaded.position)
        }
        return book
    }

    private func deck(_ fact: RateDeckLoaded) throws(RateDeckStoreError) -> RateDeck {
        guard let terms = RateDeckTerms(fact) else {
            throw RateDeckStoreError(path: directory, "the log's terms of a deck make no sense")
        }
        let (bytes, path) = try contents(fact.sha256)
        do throws(InputError) {
            var states: AreaCodes?
            if !fact.statesSHA256.isEmpty {
                let table = try contents(fact.statesSHA256, or: path)
                states = try AreaCodes(table.bytes, file: table.path)
            }
            return try RateDeck(bytes, file: path, terms: terms, states: states)
        } catch {
            throw RateDeckStoreError(path: path, "\(error)")
        }
    }

    private func contents(
        _ sha256: Octets, or owner: String
    ) throws(InputError) -> (bytes: [UInt8], path: String) {
        do throws(RateDeckStoreError) {
            return try contents(sha256)
        } catch {
            throw .invalid([InputProblem(file: owner, line: 1, column: 1, error.description)])
        }
    }

    private func contents(
        _ sha256: Octets
    ) throws(RateDeckStoreError) -> (bytes: [UInt8], path: String) {
        guard let digest = Digest(exactly: sha256.bytes) else {
            throw RateDeckStoreError(path: directory, "the log names a deck by no digest")
        }
        let path = path(digest)
        var bytes: [UInt8]?
        do throws(ExportError) {
            bytes = try DurableFile.read(path)
        } catch {
            throw RateDeckStoreError(path: path, "\(error)")
        }
        guard let bytes else {
            throw RateDeckStoreError(path: path, "the deck is gone; put the file back")
        }
        guard Digest(of: bytes) == digest else {
            throw RateDeckStoreError(path: path, "the deck is not the one that was loaded")
        }
        return (bytes, path)
    }

    private func path(_ digest: Digest) -> String { "\(directory)/\(digest).csv" }
}

/// Why a deck that the log names cannot be used.
public struct RateDeckStoreError: Error, Hashable, Sendable {
    public let path: String
    public let cause: String

    init(path: String, _ cause: String) {
        self.path = path
        self.cause = cause
    }
}

extension RateDeckStoreError: CustomStringConvertible {
    public var description: String { "\(path): \(cause)" }
}
