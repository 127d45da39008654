import Testing

@Test func placeholderCommandLine() {}
