import Testing

@Test func placeholderRecorder() {}
