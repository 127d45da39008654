import Testing

@testable import trunkledger

@Test(
    arguments: [
        ([0, 1, 2, 3, 4, 5, 6, 7], 7, "▁▂▃▄▅▆▇█"), ([0, 0.001, 50, 99, 100, 101], 100, "▁▂▅███"),
        ([0, 0], 0, "▁▁"), ([], 1, ""),
    ] as [([Double], Double, String)])
func curvesAreOneLine(values: [Double], most: Double, text: String) {
    #expect(Sparkline.text(values, most: most) == text)
}
