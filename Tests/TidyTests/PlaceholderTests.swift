import Testing

@Test func placeholderTidy() {}
