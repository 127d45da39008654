#!/usr/bin/env python3
"""Occupancy, uptime, key indicators and CDRs, computed once more from the raw facts.

Reads what `trunkledger events --format ndjson` prints and shares nothing with the program but the
definitions in its documents. Everything is computed from the whole list, as slowly as that is.

    recompute.py EVENTS occupancy INSTANT...  |  uptime FROM TO  |  kpi FROM TO  |  cdr
"""

import calendar
import json
import re
import sys
import time

SECOND = 1_000_000_000
MILLI = 1_000_000


def nanoseconds(text):
    """An RFC 3339 instant in UTC, with any fraction."""
    whole, fraction = re.fullmatch(r"(.*?)(?:\.(\d+))?Z", text).groups()
    seconds = calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S"))
    return seconds * SECOND + int(((fraction or "") + "0" * 9)[:9])


def instant(value):
    """RFC 3339 in UTC with milliseconds, the rest dropped."""
    if value is None:
        return None
    seconds, rest = divmod(value, SECOND)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + ".%03dZ" % (rest // MILLI)


class Fact:
    def __init__(self, fields):
        self.__dict__.update(fields)
        self.wall = nanoseconds(fields["time"])

    def since(self, earlier):
        """Nanoseconds after an earlier fact: the clock of the boot where both share one."""
        if self.boot == earlier.boot:
            return max(0, self.monotonic_ns - earlier.monotonic_ns)
        return max(0, self.wall - earlier.wall)


def load(path):
    with open(path, encoding="utf-8") as lines:
        return [Fact(json.loads(line)) for line in lines]


# Occupancy: the set of attempts that hold a channel.


def holders(facts, trunk):
    """The set after each fact of that trunk, with the fact."""
    held = set()
    for fact in facts:
        if getattr(fact, "trunk", None) != trunk:
            continue
        if fact.kind == "channelSeized":
            held = held | {(fact.call, fact.attempt)}
        elif fact.kind == "channelReleased":
            held = held - {(fact.call, fact.attempt)}
        yield fact, held


def configurations(facts, trunk):
    kinds = ("trunkConfigured", "trunkRemoved")
    return [f for f in facts if f.kind in kinds and f.trunk == trunk]


def trunks(facts):
    kinds = ("trunkConfigured", "channelSeized", "channelRefused")
    return sorted({fact.trunk for fact in facts if fact.kind in kinds})


def occupancy(facts, at):
    shown = [index for index, fact in enumerate(facts) if fact.wall <= at]
    seen = facts[: shown[-1] + 1] if shown else []
    answer = []
    for trunk in trunks(seen):
        sizes = [len(held) for _, held in holders(seen, trunk)]
        configured = configurations(seen, trunk)
        is_there = bool(configured) and configured[-1].kind == "trunkConfigured"
        known = [fact for fact in configured if fact.kind == "trunkConfigured"]
        if is_there or (sizes and sizes[-1] > 0):
            answer.append(
                {
                    "trunk": trunk,
                    "carrier": known[-1].carrier if known else None,
                    "in_use": sizes[-1] if sizes else 0,
                    "cap": known[-1].channels if known else 0,
                    "peak": max(sizes, default=0),
                    "at": instant(at),
                }
            )
    return answer


# Uptime: what the newest evidence says, until other evidence comes.

FULL = ("cap", "cap_in", "cap_out", "reserved")
PROBES = {"trunkReachable": "up", "trunkUnreachable": "down"}
NOWHERE = {"not_located": "down", "resolver": "unknown"}
REGISTRATIONS = {
    "registrationSucceeded": "up",
    "registrationFailed": "down",
    "registrationExpired": "down",
    "registrationRemoved": "unknown",
}


def evidence(fact, underway):
    """What a fact says of a trunk without probes and registration: a call got through, or not."""
    key = (getattr(fact, "call", None), getattr(fact, "attempt", None))
    if fact.kind == "channelSeized":
        if fact.direction == "inbound":
            return "up"
        underway[key] = False
    elif key not in underway:
        return None
    elif fact.kind in ("attemptProgressed", "attemptAnswered"):
        underway[key] = True
        return "up"
    elif fact.kind == "channelReleased":
        del underway[key]
    elif fact.kind == "attemptFailed":
        rang = underway.pop(key)
        if fact.cause in ("rejected", "malformed", "carrier_full"):
            return "up"
        if fact.cause == "transport" or (fact.cause == "timeout" and not rang):
            return "down"
    return None


class Watch:
    """One trunk, as its newest facts tell of it."""

    def __init__(self, fact):
        self.carrier = fact.carrier
        self.registers = fact.authentication == "registration"
        self.probed = fact.is_probed
        self.forget()
        self.is_away = False

    def forget(self):
        self.registration = self.reach = None
        self.is_nowhere = False
        self.underway = {}
        self.is_away = True

    def take(self, fact):
        if fact.kind == "trunkUnreachable" and fact.cause in NOWHERE:
            self.reach, self.is_nowhere = NOWHERE[fact.cause], True
        elif fact.kind == "trunkLocated":
            if fact.hosts and self.is_nowhere:
                self.reach, self.is_nowhere = None, False
        elif fact.kind in PROBES:
            self.reach, self.is_nowhere = PROBES[fact.kind], False
        elif fact.kind in REGISTRATIONS:
            self.registration = REGISTRATIONS[fact.kind]
        elif not self.registers and not self.probed:
            told = evidence(fact, self.underway)
            if told:
                self.reach, self.is_nowhere = told, False

    @property
    def state(self):
        if self.is_away:
            return "unknown"
        if not self.registers:
            return self.reach or "unknown"
        if self.registration == "up" and self.reach == "down":
            return "down"
        if self.is_nowhere and not self.registration:
            return self.reach
        return self.registration or "unknown"


def of_carrier(states):
    return next((state for state in ("up", "unknown", "down") if state in states), None)


def snapshots(facts):
    """(instant, {subject: state}) whenever something may have changed, in the log's order."""
    watches, boot, is_stopped, alive = {}, None, True, None

    def states():
        found = {(w.carrier, trunk): w.state for trunk, w in watches.items()}
        for carrier in {w.carrier for w in watches.values()}:
            mine = [w.state for w in watches.values() if w.carrier == carrier]
            found[(carrier, None)] = of_carrier(mine)
        return found

    for fact in facts:
        silent = alive and alive.boot == fact.boot and fact.since(alive) > 30 * SECOND
        if silent and not is_stopped:
            yield alive.wall, {subject: "unknown" for subject in states()}
            yield fact.wall, states()
        if fact.kind == "agentStarted":
            if not is_stopped and alive:
                for watch in watches.values():
                    watch.forget()
                yield alive.wall, states()
            is_stopped, boot = False, fact.boot
            for watch in watches.values():
                watch.is_away = False
        elif fact.kind == "agentStopped":
            for watch in watches.values():
                watch.forget()
            is_stopped = True
        elif fact.kind == "trunkConfigured":
            old, new = watches.get(fact.trunk), Watch(fact)
            same = old and (old.carrier, old.registers, old.probed) == (
                new.carrier,
                new.registers,
                new.probed,
            )
            if not same:
                watches[fact.trunk] = new
        elif fact.kind == "trunkRemoved":
            watches.pop(fact.trunk, None)
        elif getattr(fact, "trunk", None) in watches:
            watches[fact.trunk].take(fact)
        if fact.boot == boot:
            alive = fact
        yield fact.wall, states()


# Maintenance: what the configuration left out, while it did.

DAYS = "mon tue wed thu fri sat sun".split()


def is_in_hours(window, minute):
    """Whether `sun 14:00-15:00 +01:00` holds in that minute since 1970 UTC."""
    words = window.split()
    zone = words.pop() if words[-1][0] in "+-" else "+00:00"
    local = minute + (-1 if zone[0] == "-" else 1) * clock(zone[1:])
    begin, end = map(clock, words[1].split("-"))
    return DAYS[(local // 1440 + 3) % 7] == words[0] and begin <= local % 1440 < end


def clock(text):
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def in_force(facts, trunk, end):
    """Each window of a trunk, from when and until when it stood in the configuration."""
    standing, spells = {}, []
    for fact in configurations(facts, trunk):
        now = set(fact.maintenance) if fact.kind == "trunkConfigured" else set()
        spells += [(w, standing.pop(w), fact.wall) for w in set(standing) - now]
        for window in now:
            standing.setdefault(window, fact.wall)
    return spells + [(window, since, end) for window, since in standing.items()]


def maintenance(facts, trunk, start, end):
    stretches = []
    for window, since, until in in_force(facts, trunk, end):
        if "/" in window:
            begin, over = map(nanoseconds, window.split("/"))
            pieces = [(begin, over)]
            # Written while it lasts, it means all of it.
            since = min(since, begin) if since < over else since
        else:
            minute = 60 * SECOND
            minutes = range(start // minute, end // minute + 1)
            pieces = [(m * minute, (m + 1) * minute) for m in minutes if is_in_hours(window, m)]
        cut = [(max(a, since, start), min(b, until, end)) for a, b in pieces]
        stretches += [(a, b) for a, b in cut if a < b]
    return stretches


def without(stretch, others):
    left = [stretch]
    for a, b in others:
        halves = [half for x, y in left for half in ((x, min(y, a)), (max(x, b), y))]
        left = [(x, y) for x, y in halves if x < y]
    return left


def left_out(facts, carrier, trunk, start, end):
    """Of a carrier: what all its trunks have in common."""
    newest = {name: configurations(facts, name)[-1] for name in trunks(facts)}
    names = [trunk] if trunk else [n for n, f in newest.items() if f.carrier == carrier]
    parts = [maintenance(facts, name, start, end) for name in names]
    common = parts[0]
    for part in parts[1:]:
        both = [(max(a, c), min(b, d)) for a, b in common for c, d in part]
        common = [(a, b) for a, b in both if a < b]
    return common


def uptime(facts, start, end):
    spans = {}
    shown = {}
    for wall, states in snapshots(facts):
        for subject in set(shown) | set(states):
            before, now = shown.get(subject), states.get(subject)
            if before and before[0] == now:
                continue
            if before:
                spans.setdefault(subject, []).append((before[0], before[1], wall))
            if now:
                shown[subject] = (now, wall)
            else:
                del shown[subject]
    for subject, (state, since) in shown.items():
        spans.setdefault(subject, []).append((state, since, end))
    answer = []
    for (carrier, trunk), mine in spans.items():
        sums = {"up": 0, "down": 0, "unknown": 0}
        outages = []
        excluded = whole = 0
        others = left_out(facts, carrier, trunk, start, end)
        for state, since, until in mine:
            cut = (max(since, start), min(until, end))
            if since < until and cut[0] < cut[1]:
                pieces = without(cut, others)
                counted = sum(b - a for a, b in pieces)
                sums[state] += counted
                whole += cut[1] - cut[0]
                excluded += cut[1] - cut[0] - counted
                if state == "down":
                    outages += pieces
        known = sums["up"] + sums["down"]
        if whole:
            answer.append(
                {
                    "carrier": carrier,
                    "trunk": trunk,
                    "up_s": sums["up"] // MILLI / 1000,
                    "down_s": sums["down"] // MILLI / 1000,
                    "unknown_s": sums["unknown"] // MILLI / 1000,
                    "excluded_s": excluded // MILLI / 1000,
                    "availability": sums["up"] / known if known else None,
                    "outages": sorted([instant(a), instant(b)] for a, b in outages),
                }
            )
    return sorted(answer, key=lambda line: (line["carrier"], line["trunk"] or ""))


# CDRs: all facts of a call at once, up to the one that tells the last of an attempt.

CLOSING = ("attemptFailed", "channelReleased", "callEnded", "callRecovered")


def first(facts, kind):
    return next((fact for fact in facts if fact.kind == kind), None)


def by_code(code, reason, rang):
    words = (reason or "").lower()
    if code in (486, 600):
        return "BUSY"
    if code == 480:
        return "NO_ANSWER"
    if code == 408:
        return "NO_ANSWER" if rang else "FAILED"
    if code == 487:
        return "CANCELLED"
    if code == 503 or code == 403 and ("channel limit" in words or "concurrent call" in words):
        return "CARRIER_FULL"
    return "REJECTED" if 400 <= (code or 0) < 500 or 600 <= (code or 0) < 700 else "FAILED"


class Ending:
    """When an attempt ended, who ended it, and how we know."""

    def __init__(self, told, wall, by, source, stamp=None, code=None, uncertainty=0):
        self.told, self.wall, self.by, self.source = told, wall, by, source
        self.stamp, self.code, self.uncertainty = stamp, code, uncertainty


class Moved:
    """The last fact before a crash, moved back to a bound shortly before it."""

    def __init__(self, fact, wall):
        self.boot, self.wall = fact.boot, wall
        self.monotonic_ns = fact.monotonic_ns - (fact.wall - wall)

    since = Fact.since


def call_ending(mine, released, facts):
    """The end of the call: seen, or the last sign of life before a crash."""
    end, recovery = first(mine, "callEnded"), first(mine, "callRecovered")
    was_seen = end and (
        not recovery or (end.source != "recovery" and end.position < recovery.position)
    )
    if was_seen:
        return Ending(end, end.wall, end.ended_by, end.source, end, end.code)
    if recovery:
        lower, upper = map(nanoseconds, (recovery.end_lower_bound, recovery.end_upper_bound))
        restart = [
            f for f in facts if f.kind == "agentStarted" and f.position <= recovery.position
        ][-1]
        boots = [
            f for f in facts if f.kind == "agentStarted" and f.position < restart.position
        ]
        before = [
            f for f in facts if f.position < restart.position and boots and f.boot == boots[-1].boot
        ]
        near = before and 0 <= before[-1].wall - lower <= SECOND
        return Ending(
            recovery,
            lower,
            end.ended_by if end else "agent",
            end.source if end else "recovery",
            Moved(before[-1], lower) if near else None,
            None,
            max(0, max(upper, released.wall) - lower),
        )
    return Ending(released, released.wall, "agent", "timeout", released)


def failure_ending(failure, mine, direction):
    end = first(mine, "callEnded")
    ours, theirs = ("local", "remote") if direction == "outbound" else ("remote", "local")
    if failure.cause in ("rejected", "malformed", "carrier_full"):
        by = theirs
    elif failure.cause == "cancelled":
        by = end.ended_by if end and end.source == "cancel" else ours
    else:
        by = "agent"
    sources = {"timeout": "timeout", "cancelled": "cancel", "recovery": "recovery"}
    source = sources.get(failure.cause, "final_response")
    return Ending(failure, failure.wall, by, source, failure)


def outcome(seizure, mine, released, facts):
    """(disposition, answer, ending, code, flags)"""
    own = [f for f in mine if getattr(f, "attempt", None) == seizure.attempt]
    own = [f for f in own if f.position > seizure.position and f.trunk == seizure.trunk]
    rang = any(f.kind == "attemptProgressed" and 180 <= f.code < 190 for f in own)
    outbound = seizure.direction == "outbound"
    answer = first(own, "attemptAnswered") if outbound else first(mine, "callAnswered")
    failure = first(own, "attemptFailed")
    over = call_ending(mine, released, facts)
    is_over = first(mine, "callEnded") or first(mine, "callRecovered")
    if answer:
        code = answer.code if outbound else 200
        gave_up = failure and failure.position < answer.position
        if not gave_up and over.told.position > answer.position:
            return "ANSWERED", answer, over, code, []
        told = failure_ending(failure, mine, seizure.direction) if gave_up else over
        uncertain = max(0, released.wall - answer.wall)
        if over.source == "recovery":
            uncertain = max(uncertain, over.uncertainty)
        ending = Ending(told.told, answer.wall, told.by, told.source, answer, None, uncertain)
        return "ANSWERED", answer, ending, code, ["answered_after_cancel"]

    def unheard():
        if over.source == "cancel":
            return "CANCELLED"
        if over.source == "timeout":
            return "NO_ANSWER" if rang else "FAILED"
        return by_code(over.code, "", rang) if over.source == "final_response" else "FAILED"

    if not failure:
        return unheard(), None, over, over.code, []
    if failure.cause == "rejected":
        disposition = by_code(failure.code, failure.reason, rang)
    elif failure.cause == "carrier_full":
        disposition = "CARRIER_FULL"
    elif failure.cause == "timeout":
        disposition = "NO_ANSWER" if rang else "FAILED"
    else:
        disposition = "CANCELLED" if failure.cause == "cancelled" else "FAILED"
    if is_over and over.told.position < failure.position:
        if failure.cause == "cancelled" and over.source != "cancel":
            disposition = unheard()
        return disposition, None, over, failure.code, []
    ending = failure_ending(failure, mine, seizure.direction)
    return disposition, None, ending, failure.code, []


def cdr(facts, seizure):
    """The record of one seizure; None while something of it is still to be told."""
    started = [
        f
        for f in facts
        if f.kind == "callStarted" and f.call == seizure.call and f.position < seizure.position
    ]
    if not started:
        return None
    started = started[-1]
    mine = [
        f
        for f in facts
        if getattr(f, "call", None) == seizure.call and f.position >= started.position
    ]
    own = [f for f in mine if getattr(f, "attempt", None) == seizure.attempt]
    own = [f for f in own if f.trunk == seizure.trunk]
    released = first([f for f in own if f.position > seizure.position], "channelReleased")
    failure = first([f for f in own if f.position > seizure.position], "attemptFailed")
    ends = [f for f in mine if f.kind in ("callEnded", "callRecovered")]
    told = ([failure] if failure else []) + ends[:1]
    if not released or not told:
        return None
    ready = max(released.position, min(f.position for f in told))
    closing = next(
        (
            f
            for f in mine
            if f.position >= ready
            and f.kind in CLOSING
            and not (f.kind == "callEnded" and f.source == "recovery")
        ),
        None,
    )
    if not closing:
        return None
    mine = [f for f in mine if f.position <= closing.position]
    disposition, answer, ending, code, flags = outcome(seizure, mine, released, facts)
    ringing = [
        f for f in own if f.kind == "attemptProgressed" and f.code in (180, 183)
    ]
    ringing = [f for f in ringing if seizure.position < f.position <= closing.position]
    start = answer or seizure
    if ending.stamp:
        lasted = ending.stamp.since(start)
    else:
        lasted = max(0, ending.wall - start.wall)
    nodes = [f for f in facts if f.kind == "agentStarted" and f.position <= closing.position]
    known = [
        f
        for f in facts
        if f.kind == "trunkConfigured"
        and f.trunk == seizure.trunk
        and f.position < seizure.position
    ]
    continued = first(mine, "callContinued")
    return {
        "cdr_id": "%s-%d" % (nodes[-1].node if nodes else "", seizure.position),
        "call_id": seizure.call,
        "attempt_no": seizure.attempt,
        "seq_first": started.position,
        "seq_last": closing.position,
        "trunk": seizure.trunk,
        "carrier": known[-1].carrier if known else None,
        "direction": seizure.direction,
        "t_seize": instant(seizure.wall),
        "t_ring": instant(ringing[0].wall) if ringing else None,
        "t_answer": instant(answer.wall) if answer else None,
        "t_end": instant(ending.wall),
        "t_release": instant(released.wall),
        "setup_ms": (answer.since(seizure) if answer else lasted) // MILLI,
        "talk_ms": lasted // MILLI if answer else 0,
        "hold_ms": released.since(seizure) // MILLI,
        "disposition": disposition,
        "sip_code": code,
        "ended_by": ending.by,
        "end_source": ending.source,
        "end_uncertainty_ms": -(-ending.uncertainty // MILLI),
        "in_use_at_seize": seizure.in_use,
        "cap_at_seize": seizure.cap,
        "flags": flags + (["continued"] if continued else []),
    }


def cdrs(facts):
    seizures = {}
    for fact in facts:
        if fact.kind == "channelSeized":
            seizures.setdefault((fact.call, fact.attempt), fact)
    records = [cdr(facts, seizure) for seizure in seizures.values()]
    return sorted((r for r in records if r), key=lambda r: (r["seq_last"], r["cdr_id"]))


# Key indicators, as KeyIndicators.md defines them.


def share(part, whole):
    return part / whole if whole else None


def mean(values):
    return sum(values) // len(values) if values else None


def carried(facts, trunk, start, end):
    """(channel-time, time at cap, peak, cap): each moment of wall time counts once."""
    held_time = at_cap = peak = cap_seen = 0
    size, cap, clock = 0, 0, None
    changes = []
    for fact, held in holders(facts, trunk):
        if fact.kind in ("trunkConfigured", "channelSeized", "channelReleased", "trunkRemoved"):
            changes.append((fact, len(held)))
    for fact, after in changes + [(None, None)]:
        now = end if fact is None else min(fact.wall, end)
        if clock is not None:
            begin = max(clock, start)
            if begin < now:
                held_time += size * (now - begin)
                at_cap += (now - begin) if size >= cap > 0 else 0
                peak, cap_seen = max(peak, size), max(cap_seen, cap)
        clock = max(now, clock if clock is not None else start, start)
        if fact is not None:
            size = after
            cap = fact.channels if fact.kind == "trunkConfigured" else cap
            if start <= fact.wall < end:
                peak, cap_seen = max(peak, size), max(cap_seen, cap)
    return held_time, at_cap, peak, cap_seen


def post_dial_delay(record):
    heard = nanoseconds(record["t_ring"] or record["t_answer"])
    return max(0, heard - nanoseconds(record["t_seize"])) // MILLI


def cps(seizures):
    return max(
        (
            sum(
                1
                for other in seizures
                if other.boot == one.boot
                and other.position <= one.position
                and one.monotonic_ns - other.monotonic_ns < SECOND
            )
            for one in seizures
        ),
        default=0,
    )


def kpi(facts, start, end):
    records = [r for r in cdrs(facts) if start <= nanoseconds(r["t_seize"]) < end]
    within = [f for f in facts if start <= f.wall < end]
    answer = []
    for trunk in trunks(facts):
        mine = [r for r in records if r["trunk"] == trunk]
        facts_here = [f for f in within if getattr(f, "trunk", None) == trunk]
        refused = [f for f in facts_here if f.kind == "channelRefused"]
        seized = [f for f in facts_here if f.kind == "channelSeized"]
        registered = [f for f in facts_here if f.kind == "registrationSucceeded"]
        failed = [f for f in facts_here if f.kind == "registrationFailed"]
        answered = [r for r in mine if r["disposition"] == "ANSWERED"]
        others = [r for r in mine if r["disposition"] != "ANSWERED"]
        redirected = [r for r in mine if 300 <= (r["sip_code"] or 0) < 400]
        effective = [r for r in others if r["sip_code"] in (480, 486, 600, 603)]
        useful = [
            r
            for r in mine
            if r["disposition"] in ("ANSWERED", "BUSY", "NO_ANSWER")
            or (r["disposition"] == "CANCELLED" and r["t_ring"])
            or (r["disposition"] == "REJECTED" and r["sip_code"] == 603)
        ]
        by_bye = [r for r in answered if r["end_source"] == "bye"]
        ours = [r for r in by_bye if r["ended_by"] != "remote"]
        heard = [r for r in mine if r["t_ring"] or r["t_answer"]]
        blocked = [f for f in refused if f.reason in FULL]
        ineffective = [
            f
            for f in failed
            if f.cause in ("timeout", "transport") or f.code not in (401, 402, 407)
        ]
        held_time, at_cap, peak, cap = carried(facts, trunk, start, end)
        bids = {r["call_id"] for r in mine} | {f.call for f in refused}
        answer.append(
            {
                "trunk": trunk,
                "bids": len(bids),
                "seizures": len(mine),
                "answered": len(answered),
                "asr": share(len(answered), len(mine)),
                "abr": share(len(answered), len(bids)),
                "ner": share(len(useful), len(mine)),
                "acd_ms": mean([r["talk_ms"] for r in answered]),
                "pdd_ms": mean(
                    [
                        post_dial_delay(r)
                        for r in heard
                    ]
                ),
                "ser": share(len(answered), len(mine) - len(redirected)),
                "seer": share(len(answered) + len(effective), len(mine) - len(redirected)),
                "isa": share(
                    len([r for r in others if r["sip_code"] in (408, 500, 503, 504)]), len(mine)
                ),
                "scr": share(len(by_bye), len(mine)),
                "ira": share(len(ineffective), len(registered) + len(failed)),
                "sdd_ms": mean(
                    [max(0, r["hold_ms"] - r["setup_ms"] - r["talk_ms"]) for r in ours]
                ),
                "short_call_ratio": share(
                    len([r for r in answered if r["talk_ms"] < 6000]), len(answered)
                ),
                "cps_peak": cps(seized),
                "blocking": share(len(blocked), len(mine) + len(refused)),
                "erlang": held_time / (end - start) if end > start else None,
                "peak": peak,
                "cap": cap,
                "at_cap_ms": at_cap // MILLI,
            }
        )
    return answer


def main():
    facts = load(sys.argv[1])
    command, arguments = sys.argv[2], [nanoseconds(text) for text in sys.argv[3:]]
    if command == "occupancy":
        rows = [row for at in arguments for row in occupancy(facts, at)]
    else:
        rows = {"uptime": uptime, "kpi": kpi, "cdr": cdrs}[command](facts, *arguments)
    for row in rows:
        print(json.dumps(row))


main()
