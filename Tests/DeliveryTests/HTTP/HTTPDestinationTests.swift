import Testing

@testable import Delivery

@Suite struct HTTPDestinationTests {
    @Test(arguments: [200, 201, 202, 204])
    func successMeansItIsThere(status: Int) {
        let answer = HTTPTransfer.Answer(status: status, retryAfter: 0)
        #expect(HTTPDestination.error(of: answer) == nil)
    }

    @Test(arguments: [408, 409, 425, 429, 500, 502, 503, 504])
    func whatMayPassIsTriedAgain(status: Int) {
        let answer = HTTPTransfer.Answer(status: status, retryAfter: 7)
        let cause = "the server answered \(status)"
        let expected = DeliveryError.unavailable(cause: cause, retryAfter: 7)
        #expect(HTTPDestination.error(of: answer) == expected)
    }

    @Test(arguments: [301, 400, 401, 403, 404, 413, 415, 422])
    func whatStaysIsRefused(status: Int) {
        let answer = HTTPTransfer.Answer(status: status, retryAfter: 0)
        guard case .refused = HTTPDestination.error(of: answer) else {
            Issue.record("\(status) is not refused")
            return
        }
    }
}
