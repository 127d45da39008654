/// The names and versions that a ledger's files carry; `OnDiskFormat.md` describes them.
enum LedgerFormat {
    /// Rises when a program of today could misread what a later one writes.
    static let version: UInt32 = 3
    /// The oldest one that is still read; a writer upgrades it when it opens it.
    static let oldestVersion: UInt32 = 1

    static let framesName = "frames"
    static let metaName = "meta"
    static let segmentsName = "segments"
    static let tilesName = "tiles"
    static let checkpointsName = "checkpoints"
    static let producersName = "producers"

    /// Everything but `meta`: made with the ledger, or by the upgrade from format 1, which had
    /// only the first.
    static let contentNames = [
        framesName, segmentsName, tilesName, checkpointsName, producersName,
    ]

    /// Keys of the meta database.
    static let formatKey = "format"
    static let ledgerKey = "ledger"
    static let createdKey = "created"
    static let roleKey = "role"
    static let descentsKey = "descents"

    /// Files of a ledger's directory.
    static let logDirectory = "log"
    static let newLogDirectory = logDirectory + NewEnvironment.suffix
    static let compactedLogDirectory = logDirectory + ".compact"
    static let lockFile = "LOCK"
    static let headFile = "head"
    static let reserveFile = "reserve"
    static let keyFile = "key"
    static let verifierKeysFile = "key.pub"
    static let checkpointFile = "checkpoint"
    static let manifestFile = "backup"

    /// What may lie in a directory that is, or may become, a ledger: its own files, those of the
    /// modules above, and what a file system puts there itself.
    static let knownNames: Set<String> = [
        logDirectory, newLogDirectory, compactedLogDirectory,
        compactedLogDirectory + NewEnvironment.suffix, lockFile, headFile, reserveFile, keyFile,
        verifierKeysFile, checkpointFile, manifestFile,
        SmallFile.unfinished(manifestFile),
        SmallFile.unfinished(verifierKeysFile), SmallFile.unfinished(checkpointFile),
        "projections", "control.sock", "lost+found", "rates",
    ]
}
