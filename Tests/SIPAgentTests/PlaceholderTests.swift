import Testing

@Test func placeholderSIPAgent() {}
