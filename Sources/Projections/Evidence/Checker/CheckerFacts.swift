extension OfflineChecker {
    /// What the bytes of each fact say; holds `facts.ndjson` to it.
    static let facts = #"""
# --- The facts: what the bytes of each say. Kind, name, and the fields in their order.
# A field's type is a key of READERS or CHOICES; ? may be absent, [] is a list, @2 came with
# version 2 and is empty before.

SCHEMA = """
1 agentStarted node:name version:text machine_boot:text@2
2 agentStopped reason:stop open_calls:u32
4 clockStepped step:span
16 trunkConfigured trunk:name carrier:name channels:u32 channels_in:?u32 channels_out:?u32
   authentication:authentication is_probed:truth maintenance:[]text@2
17 trunkRemoved trunk:name
20 trunkReachable trunk:name code:u16 round_trip:span
21 trunkUnreachable trunk:name cause:probe code:?u16
23 trunkResting trunk:name host:?endpoint seconds:u32
32 registrationSucceeded trunk:name registrar:endpoint expires_seconds:u32
33 registrationFailed trunk:name cause:registration code:?u16 reason:text
34 registrationExpired trunk:name
35 registrationRemoved trunk:name
48 callStarted call:call direction:direction caller:name source:endpoint listener:endpoint
   a_raw:text a_e164:text b_raw:text b_e164:text did:text account:text dialer_reference:text
   sip_call_id:text invite:text
49 routeChosen call:call prefix:text trunks:[]name
50 callAnswered call:call to_tag:text response:text
51 callModified call:call initiator:party code:u16 sequence:u32 caller_target:text@2
   called_target:text@2 response:text@2
52 callEnded call:call ended_by:by source:source code:?u16 q850:?u8 reason:text
53 callRecovered call:call end_lower_bound:wall end_upper_bound:wall
54 callContinued call:call alive_at:wall caller_sequence:u32 called_sequence:u32
55 callInterim call:call
56 sequencesReserved call:call leg:party sequence:u32
57 modificationSent call:call initiator:party source:endpoint request:text invite:text
58 modificationFailed call:call initiator:party code:u16
59 sessionTimerChanged call:call leg:party interval:?u32 is_refreshed_by_us:truth minimum:u32
   takes_update:truth
60 transferBegun call:call from:call leaving:party
61 callTransferred call:call to:call leaving:party response:text
64 channelRefused call:call trunk:name direction:direction reason:refusal in_use:u32 cap:u32
65 channelSeized call:call trunk:name attempt:u16 direction:direction in_use:u32 cap:u32
66 channelReleased call:call trunk:name attempt:u16 in_use:u32
80 attemptSent call:call trunk:name attempt:u16 called_leg:leg local:endpoint remote:endpoint
   sip_call_id:text from_tag:text invite:text
81 attemptProgressed call:call trunk:name attempt:u16 code:u16 to_tag:text
82 attemptAnswered call:call trunk:name attempt:u16 code:u16 to_tag:text response:text
83 attemptFailed call:call trunk:name attempt:u16 cause:failure code:?u16 q850:?u8 reason:text
"""

CHOICES = {
    "stop": "terminated failed", "authentication": "address registration",
    "probe": "timeout refused transport calls",
    "registration": "timeout rejected credentials transport",
    "direction": "outbound inbound", "party": "caller called", "leg": "trunk dialer",
    "by": "local remote agent",
    "source": "bye cancel final_response timeout session_timer max_duration probe admin recovery",
    "refusal": "cap cap_in cap_out cps unreachable unregistered maintenance reserved resting"
        " not_located",
    "failure": "rejected timeout cancelled transport malformed recovery carrier_full",
}


class Reader:
    """Reads little-endian values; every read is checked against the bytes that are left."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def bytes(self, count):
        if count > len(self.data) - self.at:
            raise ValueError("its bytes end too early")
        self.at += count
        return self.data[self.at - count:self.at]

    def integer(self, width, signed=False):
        return int.from_bytes(self.bytes(width), "little", signed=signed)

    def text(self):
        return self.bytes(self.integer(4)).decode("utf-8", "replace")

    def endpoint(self):
        transport = ("udp", "tcp", "tls")[self.integer(1) - 1]
        address = ipaddress.IPv6Address(self.integer(8) << 64 | self.integer(8))
        host = str(address.ipv4_mapped or "[%s]" % address)
        return "%s:%s:%d" % (transport, host, self.integer(2))

    def choice(self, names):
        return names.split()[self.integer(1) - 1]

    def field(self, kind):
        if kind.startswith("?"):
            return self.field(kind[1:]) if self.integer(1) else None
        if kind.startswith("[]"):
            return [self.field(kind[2:]) for _ in range(self.integer(2))]
        return self.choice(CHOICES[kind]) if kind in CHOICES else READERS[kind](self)


READERS = {
    "u8": lambda r: r.integer(1), "u16": lambda r: r.integer(2), "u32": lambda r: r.integer(4),
    "truth": lambda r: r.integer(1) == 1, "span": lambda r: r.integer(8, True),
    "wall": lambda r: utc(r.integer(8, True), 9), "call": lambda r: "%016x" % r.integer(8),
    "name": lambda r: r.bytes(r.integer(1)).decode("utf-8", "replace"),
    "text": Reader.text, "endpoint": Reader.endpoint,
}


def schema():
    kinds = {}
    for line in SCHEMA.strip().replace("\n   ", " ").split("\n"):
        number, name, *fields = line.split()
        kinds[int(number)] = (name, [field.split(":") for field in fields])
    return kinds


KINDS = schema()


def utc(nanoseconds, digits):
    seconds, rest = divmod(nanoseconds, 10 ** 9)
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return "%s.%sZ" % (moment, ("%09d" % rest)[:digits])


def decode(leaf, position):
    """A leaf: boot id, kind, version, stream, wall time, monotonic time, and the fact itself."""
    reader = Reader(leaf)
    boot, kind, version = reader.bytes(16).hex(), reader.integer(2), reader.integer(1)
    stream, wall, monotonic = reader.integer(8), reader.integer(8, True), reader.integer(8)
    if kind not in KINDS:
        raise ValueError("kind %d belongs in no evidence pack" % kind)
    name, fields = KINDS[kind]
    values, newer = {}, {}
    for field, type_name in fields:
        type_name, _, since = type_name.partition("@")
        label = field + "_ns" if type_name == "span" else field
        if since and version < int(since):
            newer[label] = [] if type_name.startswith("[]") else ""
        else:
            values[label] = reader.field(type_name)
    if reader.at != len(leaf):
        raise ValueError("there are bytes behind its fields")
    return Record(position=position, boot=boot, kind=name, version=version,
                  stream="%016x" % stream, wall=wall, monotonic=monotonic, raw=leaf,
                  fields=dict(values, **newer), newer=newer)


def read_facts(files, head):
    """The proved facts; facts.ndjson must say of each what its bytes say."""
    name, facts, used = "facts.ndjson", [], set()
    for line in files[name].decode().split("\n")[:-1]:
        told = json.loads(line)
        position = told["position"]
        proof = "proofs/%d.tlog-proof" % position
        require(proof in files, proof, "it is missing, though facts.ndjson has that event")
        leaf = read_proof(files[proof], proof, position, head)
        try:
            fact = decode(leaf, position)
        except (ValueError, IndexError) as error:
            raise Problem(proof, "its event cannot be read: %s" % error)
        said = {"position": position, "about": told["about"], "time": utc(fact.wall, 9),
                "monotonic_ns": fact.monotonic, "boot": fact.boot, "kind": fact.kind,
                "version": fact.version, "stream": fact.stream, "fields": fact.fields}
        if isinstance(told.get("fields"), dict):
            # A pack may be older than a field.
            told["fields"] = dict(fact.newer, **told["fields"])
        for key in sorted(set(said) | set(told)):
            require(told.get(key) == said.get(key), name,
                    "event %d: %s is not what the event's bytes say" % (position, key))
        fact.about = told["about"]
        facts.append(fact)
        used.add(proof)
    positions = [fact.position for fact in facts]
    require(positions and positions == sorted(set(positions)), name, "it is not in order")
    for proof in sorted(set(files) - FILES - {CLAIM} - used):
        raise Problem(proof, "facts.ndjson has no such event")
    check_call(facts, name)
    return facts


def check_call(facts, name):
    call = [fact for fact in facts if fact.about == "call"]
    require(call and call[0].kind == "callStarted", name, "the call's beginning is missing")
    require({fact.stream for fact in call} == {call[0].fields["call"]}, name,
            "facts of several calls are told as one")
    require(all(fact.about == "call" or fact.stream != call[0].stream for fact in facts), name,
            "a fact of the call is told as context")

"""#
}
