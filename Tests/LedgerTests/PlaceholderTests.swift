import Testing

@Test func placeholderLedger() {}
