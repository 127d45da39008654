import Testing

@testable import Recorder

@Suite struct AsteriskFileTests {
    private func shown(_ text: String) -> [String] {
        AsteriskFile(text).sections.map { section in
            "\(section.name)@\(section.line) "
                + section.entries.map { "\($0.key)=\($0.value)@\($0.line)" }.joined(separator: " ")
        }
    }

    @Test func sectionsAndTheirLines() {
        let text = """
            ; a comment
            [general]
            Port = 5060 ; the usual one
            register => a:b@c

            [alpha]
            secret=a\\;b
            host=
            """
        #expect(
            shown(text) == [
                "general@2 port=5060@3 register=a:b@c@4", "alpha@6 secret=a;b@7 host=@8",
            ])
        #expect(AsteriskFile(text).sections.last?["host"] == nil)
    }

    @Test func commentsOfSeveralLines() {
        let text = "[a]\nx=1 ;-- not\ny=2\n--; z=3\nv=4 ;-- w=5 --; u\n;--- a line\nt=6\n"
        #expect(shown(text) == ["a@1 x=1@2 z=3@4 v=4  u@5 t=6@7"])
    }

    @Test func templatesComeFirst() {
        let text = "[base](!)\nhost=h\nport=1\n[alpha](base)\nport=2\n"
        let alpha = AsteriskFile(text).sections.last
        #expect(alpha?["host"] == "h" && alpha?["port"] == "2" && alpha?.isTemplate == false)
    }

    @Test func linesWithoutASection() {
        #expect(shown("register => a:b@c\r\n") == ["general@1 register=a:b@c@1"])
        #expect(AsteriskFile("#include more.conf\n").includes.map(\.value) == ["more.conf"])
    }
}
