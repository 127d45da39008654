extension OfflineChecker {
    /// How an attempt went, as `AttemptOutcome` says it.
    static let outcomes = #"""
# --- The records: worked out from the facts alone, as TrunkLedger's documents define them.

CAPACITY = ((403, "channel limit"), (403, "concurrent call"))


def stamp(fact, clock):
    return Record(position=fact.position, wall=fact.wall, monotonic=fact.monotonic, clock=clock)


def elapsed(start, end):
    """Milliseconds: by the clock that never steps, or by the wall's across boots."""
    same = start.clock == end.clock
    span = end.monotonic - start.monotonic if same else end.wall - start.wall
    return max(0, span) // 10 ** 6


def by_code(code, reason, rang):
    if code is None:
        return "FAILED"
    known = {486: "BUSY", 600: "BUSY", 480: "NO_ANSWER", 487: "CANCELLED", 503: "CARRIER_FULL"}
    if code in known:
        return known[code]
    if code == 408:
        return "NO_ANSWER" if rang else "FAILED"
    if 400 <= code < 500:
        full = any(code == each and words in reason.lower() for each, words in CAPACITY)
        return "CARRIER_FULL" if full else "REJECTED"
    return "REJECTED" if 600 <= code < 700 else "FAILED"


def by_failure(failure, rang):
    if failure.cause == "rejected":
        return by_code(failure.code, failure.reason, rang)
    if failure.cause == "carrier_full":
        return "CARRIER_FULL"
    if failure.cause == "timeout":
        return "NO_ANSWER" if rang else "FAILED"
    return "CANCELLED" if failure.cause == "cancelled" else "FAILED"


def by_source(over, rang):
    if over.source == "cancel":
        return "CANCELLED"
    if over.source == "timeout":
        return "NO_ANSWER" if rang else "FAILED"
    return by_code(over.code, over.reason, rang) if over.source == "final_response" else "FAILED"


def was_seen(call):
    if call.end and call.recovery:
        return (call.end.source != "recovery"
                and call.end.stamp.position < call.recovery.stamp.position)
    return call.end is not None


def ending(call, attempt):
    """The call's end; the attempt's release where the log tells of no other."""
    released, end, recovery = attempt.released, call.end, call.recovery
    if recovery and not was_seen(call):
        latest = max(recovery.upper, released.wall if released else recovery.upper)
        return Record(told=recovery.stamp.position, stamp=None, wall=recovery.lower,
                      by=end.by if end else "agent", source=end.source if end else "recovery",
                      uncertainty=max(0, latest - recovery.lower), code=None,
                      q850=end.q850 if end else None, reason=end.reason if end else "")
    if end:
        return Record(told=end.stamp.position, stamp=end.stamp, wall=end.stamp.wall, by=end.by,
                      source=end.source, uncertainty=0, code=end.code, q850=end.q850,
                      reason=end.reason)
    last = released or attempt.seized
    return Record(told=last.position, stamp=last, wall=last.wall, by="agent", source="timeout",
                  uncertainty=0, code=None, q850=None, reason="")


def failed_by(attempt, call):
    """Who ended an attempt without an answer, and how that is known."""
    outbound, cause = attempt.direction == "outbound", attempt.failure.cause
    if cause in ("rejected", "malformed", "carrier_full"):
        return "remote" if outbound else "local", "final_response"
    if cause == "cancelled":
        told = call.end and call.end.source == "cancel"
        return call.end.by if told else "local" if outbound else "remote", "cancel"
    source = {"transport": "final_response", "timeout": "timeout", "recovery": "recovery"}
    return "agent", source[cause]


def outcome(attempt, call):
    answer = attempt.answer if attempt.direction == "outbound" else call.answer
    failure, over = attempt.failure, ending(call, attempt)
    result = Record(answer=answer, after_cancel=False, over=over, code=over.code, q850=over.q850,
                    reason=over.reason)
    if answer:
        result.disposition, result.code = "ANSWERED", answer.code
        failed_first = failure and failure.stamp.position < answer.stamp.position
        if failed_first or over.told < answer.stamp.position:
            recovered = over.uncertainty if over.source == "recovery" else 0
            by, source = failed_by(attempt, call) if failed_first else (over.by, over.source)
            result.after_cancel = True
            result.over = Record(stamp=answer.stamp, wall=answer.stamp.wall, by=by, source=source,
                                 uncertainty=recovered)
    elif failure:
        is_over = call.end is not None or call.recovery is not None
        result.disposition = by_failure(failure, attempt.rang)
        if is_over and over.told < failure.stamp.position:
            if failure.cause == "cancelled" and over.source != "cancel":
                result.disposition = by_source(over, attempt.rang)
        else:
            by, source = failed_by(attempt, call)
            result.over = Record(stamp=failure.stamp, wall=failure.stamp.wall, by=by,
                                 source=source, uncertainty=0)
        result.code, result.q850, result.reason = failure.code, failure.q850, failure.reason
    else:
        result.disposition = by_source(over, attempt.rang)
    return result

"""#
}
