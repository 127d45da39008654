/// How large an invoice is, and which bytes it has.
struct InvoiceMeasure: Hashable {
    var sha256: Digest
    /// Line ends: no fewer than the lines that bill something.
    var lineEnds: Int

    init(of file: InputFile) throws(InputError) {
        var digest = DigestBuilder()
        var lineEnds = 0
        try file.forEachChunk { (chunk) throws(InputProblem) in
            digest.append(chunk)
            lineEnds += chunk.reduce(0) { $0 + ($1 == 0x0A || $1 == 0x0D ? 1 : 0) }
        }
        sha256 = digest.finish()
        self.lineEnds = lineEnds
    }
}
