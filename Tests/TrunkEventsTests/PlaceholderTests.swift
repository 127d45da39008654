import Testing

@Test func placeholderTrunkEvents() {}
