extension Entropy {
    /// The system's own generator, which nobody can foretell.
    public static let system = Entropy(drawing: {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    })
}
