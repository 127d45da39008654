extension OfflineChecker {
    /// Holds the other files to the records, and says what it found.
    static let verdict = #"""
def nanoseconds(text):
    """Back from `utc`."""
    match = re.fullmatch(r"(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d{9})Z", text)
    year, month, day, hour, minute, second, rest = map(int, match.groups())
    days = datetime.date(year, month, day).toordinal() - datetime.date(1970, 1, 1).toordinal()
    return ((days * 24 + hour) * 60 + minute) * 60 * 10 ** 9 + second * 10 ** 9 + rest


def check_records(files, rows):
    """cdr.json must say what the facts say."""
    name = "cdr.json"
    told = json.loads(files[name].decode())
    require(len(told) == len(rows), name, "it has %d records, the facts make %d"
            % (len(told), len(rows)))
    for number, (said, made) in enumerate(zip(told, rows), 1):
        for key in sorted(set(said) | set(made.values)):
            one, other = said.get(key, "nothing"), made.values.get(key, "nothing")
            near = made.estimated and key in ("setup_ms", "talk_ms") and abs(one - other) <= 1000
            require(one == other or near, name, "record %d: %s is %s, the facts say %s"
                    % (number, key, json.dumps(one), json.dumps(other)))
            made.values[key] = one


def check_ladder(files, facts):
    name = "ladder.txt"
    lines = [line.split(None, 2) for line in files[name].decode().split("\n")]
    told = [(line[0], line[1]) for line in lines if len(line) == 3 and line[0].isdigit()]
    said = [(str(fact.position), utc(fact.wall, 3)[11:23]) for fact in facts
            if fact.about == "call"]
    require(told == said, name, "its positions and times are not those of the facts")


def shown(value):
    if isinstance(value, list):
        return "|".join(value)
    return "" if value is None else str(value)


def check_summary(files, facts, rows):
    """Every cell of summary.html that repeats a record or a fact, and the ladder."""
    name, page = "summary.html", files["summary.html"].decode()
    cells = re.findall(r'<td data-cdr="(\d+)\.(\w+)">([^<]*)</td>', page)
    told = {(int(number), key): html.unescape(text) for number, key, text in cells}
    said = {(number, key): shown(value) for number, made in enumerate(rows, 1)
            for key, value in made.values.items()}
    for number, key in sorted(set(told) | set(said)):
        require(told.get((number, key)) == said.get((number, key)), name,
                "record %d: %s is not what cdr.json says" % (number, key))
    lines = re.findall(r"<tr><td>(\d+)</td><td>([^<]*)</td><td>(\w+)</td>", page)
    made = [(str(fact.position), utc(fact.wall, 3), fact.kind) for fact in facts]
    require(lines == made, name, "its table of facts is not that of facts.ndjson")
    ladder = re.search(r"<pre>(.*?)</pre>", page, re.DOTALL)
    require(ladder and html.unescape(ladder.group(1)) == files["ladder.txt"].decode(), name,
            "its ladder is not that of ladder.txt")


def check_claim(files, rows):
    """The disputed line of an invoice, where there is one: it is about a record of this pack."""
    if CLAIM not in files:
        return
    claim, page = json.loads(files[CLAIM].decode()), files["summary.html"].decode()
    records = {made.values["cdr_id"]: made.values for made in rows}
    require(claim["cdr_id"] in records, CLAIM, "it is about another call")
    require(claim["talk_ms"] == records[claim["cdr_id"]]["talk_ms"], CLAIM,
            "its talk_ms is not the record's")
    cells = re.findall(r'<td data-claim="(\w+)">([^<]*)</td>', page)
    told = {key: html.unescape(text) for key, text in cells}
    require(told == {key: shown(value) for key, value in claim.items()}, "summary.html",
            "what it says of the invoice is not what claim.json says")
    print("claim: line %d of %s, class %s, billed %s s, at stake %s" % (
        claim["line"], claim["invoice"], claim["class"], shown(claim["billed_s"]) or "-",
        claim["stake"]))


# --- The verdict.

def tell(facts, rows, head, key):
    call = [fact for fact in facts if fact.about == "call"]
    start = call[0].fields
    number = start["b_e164"] or start["b_raw"]
    print("call %s, %s, %s to %s" % (start["call"], start["direction"],
                                     start["a_e164"] or start["a_raw"], number))
    for made in rows:
        value = made.values
        print("  record %s, attempt %d on %s of %s: %s" % (
            value["cdr_id"], value["attempt_no"], value["trunk"], value["carrier"],
            value["disposition"]))
        print("    seized %s, answered %s, ended %s (by %s, %s, up to %d ms later)" % (
            value["t_seize"], value["t_answer"] or "-", value["t_end"], value["ended_by"],
            value["end_source"], value["end_uncertainty_ms"]))
        print("    setup %d ms, talk %d ms, channel held %d ms; SIP %s, channel %d of %d" % (
            value["setup_ms"], value["talk_ms"], value["hold_ms"], value["sip_code"] or "-",
            value["in_use_at_seize"], value["cap_at_seize"]))
    steps = [fact for fact in facts if fact.kind == "clockStepped"]
    during = [fact for fact in steps if call[0].position < fact.position < call[-1].position]
    print("  clock steps recorded during the call: %d" % len(during))
    print("%d facts proved against a checkpoint of %d events, signed by" % (len(facts), head.size))
    print("  %s+%s+%s" % (key.name, key.id.hex(),
                          base64.b64encode(b"\1" + key.bytes).decode()))


def check(files, trusted):
    """Prints what holds, or every problem; the exit status."""
    problems, name = [], "SHA256SUMS"
    try:
        problems = check_sums(files)
        if not problems:
            name = "key.pub"
            key = read_key(files[name], name)
            if trusted is not None:
                others = [read_key(line, "--key") for line in trusted.split(b"\n") if line]
                require(key in others, name, "it is no key that you gave")
            name = "checkpoint"
            head = read_checkpoint(files[name], key)
            name = "facts.ndjson"
            facts = read_facts(files, head)
            recorder = Recorder()
            for fact in facts:
                recorder.apply(fact)
            rows = recorder.rows
            name = "cdr.json"
            check_records(files, rows)
            name = "ladder.txt"
            check_ladder(files, facts)
            name = "summary.html"
            check_summary(files, facts, rows)
            name = CLAIM
            check_claim(files, rows)
            name = "README.txt"
            require(files[name].startswith(FORMAT.encode() + b"\n"), name, "another format")
            tell(facts, rows, head, key)
    except Problem as problem:
        problems.append(problem)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error) as error:
        problems.append(Problem(name, "it cannot be read (%s: %s)" % (type(error).__name__, error)))
    for problem in problems:
        print("FAIL %s" % problem)
    print("NOT VERIFIED" if problems else "VERIFIED")
    if not problems and trusted is None:
        print("Hold the key above against the one that you got another way, or give it with --key.")
    return 1 if problems else 0


def main(arguments):
    trusted = None
    try:
        if arguments[:1] == ["--key"] and len(arguments) > 1:
            with open(arguments[1], "rb") as file:
                trusted = file.read()
            arguments = arguments[2:]
        if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"], ["--key"]):
            print(__doc__)
            return 64
        path = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
        files = read_directory(path) if os.path.isdir(path) else read_tar(path)
    except (Problem, OSError) as problem:
        print("FAIL %s\nNOT VERIFIED" % problem)
        return 1
    return check(files, trusted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""#
}
