import Testing

/// The whole product against real SIP peers on loopback: SIPp as dialers and carriers, Kamailio as
/// a registrar. One test at a time, so that each has the machine and its measured times to itself.
@Suite(.serialized) enum InteropTests {}
