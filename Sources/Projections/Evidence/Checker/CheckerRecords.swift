extension OfflineChecker {
    /// The records, worked out from the facts as `CallDetailRecords` does.
    static let records = #"""
def codec(message):
    """The first audio format of an answer's SDP (RFC 8866 section 5.14, RFC 3551 section 6)."""
    lines = [line.rstrip("\r") for line in message.partition("\r\n\r\n")[2].split("\n")]
    media = [index for index, line in enumerate(lines) if line.startswith("m=audio ")]
    fields = lines[media[0]].split() if media else []
    if len(fields) < 4:
        return ""
    for line in lines[media[0] + 1:]:
        if line.startswith("m="):
            break
        if line.startswith("a=rtpmap:%s " % fields[3]):
            return re.split("[/ ]", line.split(" ", 1)[1])[0]
    known = {"0": "PCMU", "3": "GSM", "4": "G723", "8": "PCMA", "9": "G722", "15": "G728",
             "18": "G729"}
    return known.get(fields[3], fields[3])


def caller_tag(message):
    """The tag of the From header (RFC 3261 section 19.3)."""
    for line in message.split("\r\n\r\n")[0].split("\r\n")[1:]:
        field, _, value = line.partition(":")
        if field.strip().lower() in ("from", "f"):
            value = re.sub(r'^\s*"(\\.|[^"\\])*"', "", value)
            for part in value.rpartition(">")[2].split(";"):
                label, _, tag = part.partition("=")
                if label.strip().lower() == "tag":
                    return tag.strip()
            return ""
    return ""


def host_and_port(endpoint):
    return endpoint.split(":", 1)[1]


def row(call, attempt, last, node):
    """One attempt's record; durations that end at an estimate are named in `estimated`."""
    told, fields, seized = outcome(attempt, call), call.fields, attempt.seized
    outbound = attempt.direction == "outbound"
    answer, over = told.answer, told.over

    def to_end(start):
        if over.stamp:
            return elapsed(start, over.stamp)
        return max(0, over.wall - start.wall) // 10 ** 6

    def moment(at):
        return utc(at, 3) if at is not None else None

    sent = attempt.sent or {}
    to_tag = answer.to_tag if answer else attempt.early_tag if outbound else ""
    values = {
        "cdr_id": "%s-%d" % (node or "", seized.position), "rev": 1, "supersedes": None,
        "call_id": fields["call"], "attempt_no": attempt.number,
        "seq_first": call.started.position, "seq_last": last.position, "node": node,
        "trunk": attempt.trunk, "carrier": attempt.carrier, "direction": attempt.direction,
        "acct": fields["account"], "dialer_ref": fields["dialer_reference"],
        "a_raw": fields["a_raw"], "a_e164": fields["a_e164"], "b_raw": fields["b_raw"],
        "b_e164": fields["b_e164"], "did": fields["did"],
        "sip_call_id": sent.get("sip_call_id", "") if outbound else fields["sip_call_id"],
        "from_tag": sent.get("from_tag", "") if outbound else caller_tag(fields["invite"]),
        "to_tag": to_tag, "t_seize": moment(seized.wall), "t_ring": moment(attempt.rang_at),
        "t_answer": moment(answer.stamp.wall if answer else None), "t_end": moment(over.wall),
        "t_release": moment(attempt.released.wall),
        "setup_ms": elapsed(seized, answer.stamp) if answer else to_end(seized),
        "talk_ms": to_end(answer.stamp) if answer else 0,
        "hold_ms": elapsed(seized, attempt.released), "disposition": told.disposition,
        "sip_code": told.code, "q850": told.q850, "reason_text": told.reason,
        "ended_by": over.by, "end_source": over.source,
        "end_uncertainty_ms": (over.uncertainty + 999999) // 10 ** 6,
        "in_use_at_seize": attempt.in_use, "cap_at_seize": attempt.cap,
        "codec": answer.codec if answer else "",
        "flags": ["answered_after_cancel"] * told.after_cancel + ["continued"] * call.continued,
        "dialer_call_id": fields["sip_call_id"] if outbound else sent.get("sip_call_id", ""),
    }
    remote = sent.get("remote") if outbound else fields["source"]
    values["remote_addr"] = host_and_port(remote) if remote else None
    return Record(values=values, estimated=over.stamp is None)


class Recorder:
    """Follows the facts in their order and closes each attempt with its last one."""

    def __init__(self):
        self.rows, self.carriers, self.call, self.node = [], {}, None, None
        self.boot = self.clock = None
        self.machine = ""

    def apply(self, fact):
        fields = fact.fields
        if fact.kind == "agentStarted":
            if not self.machine or fields["machine_boot"] != self.machine:
                self.clock = fact.boot
            self.node, self.machine, self.boot = fields["node"], fields["machine_boot"], fact.boot
        now = stamp(fact, self.clock if fact.boot == self.boot else fact.boot)
        if fact.kind == "trunkConfigured":
            self.carriers[fields["trunk"]] = fields["carrier"]
        elif fact.kind == "callStarted":
            self.call = Record(started=now, fields=fields, answer=None, end=None, recovery=None,
                               continued=False, attempts=[])
        elif fact.about == "call":
            self.of_call(fact.kind, fields, now)
            self.of_attempt(fact.kind, fields, now)
            closes = fact.kind in ("attemptFailed", "channelReleased", "callRecovered")
            if closes or fact.kind == "callEnded" and fields["source"] != "recovery":
                self.close(now)

    def of_call(self, kind, fields, now):
        call = self.call
        if kind == "channelSeized":
            if fields["attempt"] not in [each.number for each in call.attempts]:
                call.attempts.append(Record(
                    number=fields["attempt"], trunk=fields["trunk"],
                    carrier=self.carriers.get(fields["trunk"]), direction=fields["direction"],
                    in_use=fields["in_use"], cap=fields["cap"], seized=now, sent=None, rang=False,
                    rang_at=None, early_tag="", answer=None, failure=None, released=None))
        elif kind == "callAnswered":
            call.answer = call.answer or Record(
                stamp=now, code=200, to_tag=fields["to_tag"], codec=codec(fields["response"]))
        elif kind == "callEnded":
            call.end = call.end or Record(
                stamp=now, by=fields["ended_by"], source=fields["source"], code=fields["code"],
                q850=fields["q850"], reason=fields["reason"])
        elif kind == "callRecovered":
            call.recovery = call.recovery or Record(
                stamp=now, lower=nanoseconds(fields["end_lower_bound"]),
                upper=nanoseconds(fields["end_upper_bound"]))
        elif kind == "callContinued":
            call.continued = True

    def of_attempt(self, kind, fields, now):
        for attempt in self.call.attempts:
            if (attempt.number, attempt.trunk) != (fields.get("attempt"), fields.get("trunk")):
                continue
            if kind == "attemptSent":
                attempt.sent = fields
            elif kind == "attemptProgressed":
                attempt.rang = attempt.rang or 180 <= fields["code"] < 190
                if fields["code"] in (180, 183) and attempt.rang_at is None:
                    attempt.rang_at = now.wall
                attempt.early_tag = fields["to_tag"] or attempt.early_tag
            elif kind == "attemptAnswered":
                attempt.answer = attempt.answer or Record(
                    stamp=now, code=fields["code"], to_tag=fields["to_tag"],
                    codec=codec(fields["response"]))
            elif kind == "attemptFailed":
                attempt.failure = attempt.failure or Record(
                    stamp=now, cause=fields["cause"], code=fields["code"], q850=fields["q850"],
                    reason=fields["reason"])
            elif kind == "channelReleased":
                attempt.released = attempt.released or now

    def close(self, now):
        call = self.call
        is_over = call.end is not None or call.recovery is not None
        done = [each for each in call.attempts if each.released and (is_over or each.failure)]
        self.rows += [row(call, attempt, now, self.node) for attempt in done]
        call.attempts = [each for each in call.attempts if each not in done]

"""#
}
