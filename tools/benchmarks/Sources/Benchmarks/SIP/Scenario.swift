/// SIPp scenarios that work through a proxy as well as through a back-to-back user agent: the
/// callee echoes Record-Route and the caller follows it. It rings for 20 ms, so that a proxy's
/// workers do not let the 200 overtake the 180. `X-Bench` names the call on either side of the
/// element.
enum Scenario {
    static let caller = #"""
        <?xml version="1.0" encoding="ISO-8859-1" ?>
        <scenario name="caller">
          <send retrans="500" start_rtd="1"><![CDATA[

            INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
            Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
            From: <sip:2125550199@[local_ip]:[local_port]>;tag=[pid]c[call_number]
            To: <sip:[service]@[remote_ip]:[remote_port]>
            Call-ID: [call_id]
            CSeq: 1 INVITE
            Contact: <sip:2125550199@[local_ip]:[local_port]>
            Max-Forwards: 70
            X-Bench: [call_number]
            Content-Type: application/sdp
            Content-Length: [len]

            v=0
            o=caller 1 1 IN IP4 [local_ip]
            s=-
            c=IN IP4 [local_ip]
            t=0 0
            m=audio 6000 RTP/AVP 0
            a=rtpmap:0 PCMU/8000

          ]]></send>
          <recv response="100" optional="true"/>
          <recv response="180" optional="true"/>
          <recv response="200" rrs="true" rtd="1"/>
          <send><![CDATA[

            ACK [next_url] SIP/2.0
            Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
            [routes]
            From: <sip:2125550199@[local_ip]:[local_port]>;tag=[pid]c[call_number]
            To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
            Call-ID: [call_id]
            CSeq: 1 ACK
            Max-Forwards: 70
            Content-Length: 0

          ]]></send>
          <pause/>
          <send retrans="500"><![CDATA[

            BYE [next_url] SIP/2.0
            Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
            [routes]
            From: <sip:2125550199@[local_ip]:[local_port]>;tag=[pid]c[call_number]
            To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
            Call-ID: [call_id]
            CSeq: 2 BYE
            Max-Forwards: 70
            Content-Length: 0

          ]]></send>
          <recv response="200"/>
        </scenario>
        """#

    static let callee = #"""
        <?xml version="1.0" encoding="ISO-8859-1" ?>
        <scenario name="callee">
          <recv request="INVITE" crlf="true"/>
          <send><![CDATA[

            SIP/2.0 180 Ringing
            [last_Via:]
            [last_Record-Route:]
            [last_From:]
            [last_To:];tag=[pid]s[call_number]
            [last_Call-ID:]
            [last_CSeq:]
            [last_X-Bench:]
            Contact: <sip:[local_ip]:[local_port]>
            Content-Length: 0

          ]]></send>
          <pause milliseconds="20"/>
          <send retrans="500"><![CDATA[

            SIP/2.0 200 OK
            [last_Via:]
            [last_Record-Route:]
            [last_From:]
            [last_To:];tag=[pid]s[call_number]
            [last_Call-ID:]
            [last_CSeq:]
            Contact: <sip:[local_ip]:[local_port]>
            Content-Type: application/sdp
            Content-Length: [len]

            v=0
            o=callee 1 1 IN IP4 [local_ip]
            s=-
            c=IN IP4 [local_ip]
            t=0 0
            m=audio 6002 RTP/AVP 0
            a=rtpmap:0 PCMU/8000

          ]]></send>
          <recv request="ACK"/>
          <recv request="BYE"/>
          <send><![CDATA[

            SIP/2.0 200 OK
            [last_Via:]
            [last_From:]
            [last_To:]
            [last_Call-ID:]
            [last_CSeq:]
            Content-Length: 0

          ]]></send>
        </scenario>
        """#
}
