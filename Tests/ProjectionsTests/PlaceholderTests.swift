import Testing

@Test func placeholderProjections() {}
