import Testing

@Test func placeholderInterop() {}
