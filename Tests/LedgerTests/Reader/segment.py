"""A sealed segment, as OnDiskFormat.md describes it: its frames, and the leaves of their events."""
import struct, zstandard
from checks import check, sha, xxh64

M = (1 << 64) - 1
def word(b, i=0): return int.from_bytes(b[i:i + 8], "little")
def unzigzag(n): return n >> 1 ^ -(n & 1)
def step(total, n): return total + unzigzag(n) & M
class Bytes:
    def __init__(self, b): self.b, self.i = b, 0
    def take(self, n):
        self.i += n
        check(self.i <= len(self.b), "a block's end")
        return self.b[self.i - n:self.i]
    def word(self): return word(self.take(8))
    def varint(self):
        n = shift = 0
        while True:
            c = self.take(1)[0]
            n |= (c & 127) << shift
            shift += 7
            if c < 128: return n
    def column(self, n):
        width, low = self.take(1)[0], self.word()
        return [low + int.from_bytes(self.take(width), "little") for _ in range(n)]
    def steps(self, n):
        value, values = self.word(), []
        for s in self.column(n):
            value = step(value, s)
            values.append(value)
        return values

class Segment:
    def __init__(self, pieces):
        head = pieces[0]
        self.at = f"the segment at {word(head, 8)}"
        check(head[:8] == b"TLSG\1\0\xc0\0" and xxh64(head[:184]) == word(head, 184), self.at)
        self.first, self.count, self.frame_count = struct.unpack_from("<QII", head, 8)
        self.before, self.link = head[40:72], head[72:104]
        held, entries, total, lines, _ = struct.unpack_from("<IIQII", head, 104)
        filters = head[192:]
        check(sha(filters, *pieces[1:]) == head[128:160], f"{self.at}: content hash")
        check(len(pieces) == 1 + held and len(filters) == 64 * lines, f"{self.at}: lengths")
        for i in range(0, len(filters), 64):
            check(xxh64(filters[i:i + 56]) == word(filters, i + 56), f"{self.at}: filter")
        data = 1 + -(-entries // 2047)
        directory = b"".join(pieces[1:data])
        check(len(directory) == 32 * entries and xxh64(directory) == total, f"{self.at}: directory")
        self.blocks = {section: {} for section in range(1, 7)}
        for i in range(0, len(directory), 32):
            section, _, piece, offset, size, raw, key, hash = struct.unpack_from(
                "<BBHIIIQQ", directory, i)
            block = pieces[data + piece][offset:offset + size]
            check(len(block) == size and xxh64(block) == hash, f"{self.at}: block")
            check(raw > 0 or key in self.blocks[section], f"{self.at}: a block's parts")
            self.blocks[section][key] = self.blocks[section].get(key, b"") + block
        self.filters, self.lines = filters, lines

    def unpacked(self, section):
        for key, block in self.blocks[section].items():
            yield key, Bytes(zstandard.ZstdDecompressor().decompress(block, 1 << 27))

    def lists(self, section):
        """Key and indices of each posting list; the keys are a dictionary."""
        lists = {}
        for block in self.blocks[section].values():
            n = int.from_bytes(block[:4], "little")
            ends = (0, *struct.unpack_from(f"<{n}H", block, 4 + 8 * n))
            for k, key in enumerate(struct.unpack_from(f"<{n}Q", block, 4)):
                steps, end, indices = Bytes(block[4 + 10 * n:][ends[k]:ends[k + 1]]), 0, []
                while steps.i < len(steps.b):
                    gap = steps.varint()
                    more = steps.varint() if gap & 1 else 0
                    end += (gap >> 1) + more + 1
                    indices += range(end - more - 1, end)
                lists[key] = indices
        return lists

    def filter_holds(self, stream):
        z = stream + 0x9E3779B97F4A7C15 & M
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & M
        z = (z ^ z >> 27) * 0x94D049BB133111EB & M
        h = z ^ z >> 31
        low, line = h & 0xFFFFFFFF, 64 * ((h >> 32) * self.lines >> 32)
        bits = [(low + i * (low >> 17 | 1) & 0xFFFFFFFF) % 448 for i in range(5)]
        return all(self.filters[line + b // 8] >> b % 8 & 1 for b in bits)

    def payloads(self):
        """By rank."""
        payloads = []
        for key, block in self.unpacked(5):
            check(key == len(payloads), f"{self.at}: ranks")
            sizes = [block.varint() for _ in range(block.varint())]
            payloads += [block.take(size) for size in sizes]
        return payloads

    def events(self):
        """Tag, stream, wall time, monotonic time and payload of each event, in order."""
        tags, streams, payloads = self.lists(3), self.lists(4), self.payloads()
        check(len(payloads) == self.count, f"{self.at}: payloads")
        dictionary = list(tags), list(streams)
        events, found = [], ({tag: [] for tag in tags}, {stream: [] for stream in streams})
        for first, block in self.blocks[2].items():
            check(first == len(events), f"{self.at}: stripes")
            block, n = Bytes(block), min(2048, self.count - first)
            ranks = dict((block.varint(), block.varint()) for _ in range(block.varint()))
            places, kinds = block.column(n), block.column(n)
            walls, distances = block.steps(n), block.steps(n)
            for i in range(n):
                tag, stream = dictionary[0][kinds[i]], dictionary[1][places[i]]
                found[0][tag].append(first + i)
                found[1][stream].append(first + i)
                events.append((tag, stream, walls[i], walls[i] + distances[i] & M,
                               payloads[ranks[kinds[i]]]))
                ranks[kinds[i]] += 1
        check(found == (tags, streams), f"{self.at}: posting lists")
        check(all(map(self.filter_holds, streams)), f"{self.at}: filter")
        return events

    def frames(self):
        """First position and leaves of each frame; checks the stored leaves and the links."""
        events, stored = self.events(), b"".join(self.blocks[6].values())
        facts, boot, link, start = next(self.unpacked(1))[1], b"", self.before, 0
        for _ in range(self.frame_count):
            _, count = facts.varint(), facts.varint()
            if facts.take(1) == b"\1": boot = facts.take(16)
            facts.varint(), facts.varint(), facts.take(facts.varint())
            leaves = [
                sha(b"\0", boot, struct.pack("<HBQQQ", tag >> 8, tag & 255, *numbers), payload)
                for tag, *numbers, payload in events[start:start + count]]
            check(b"".join(leaves) == stored[32 * start:32 * (start + count)], f"{self.at}: leaves")
            link = sha(b"\2", link, struct.pack("<QI", self.first + start, count), *leaves)
            yield self.first + start, leaves
            start += count
        check(start == self.count == len(stored) // 32, f"{self.at}: frames")
        check(link == self.link, f"{self.at}: link")
