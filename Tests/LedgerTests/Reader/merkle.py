"""The Merkle tree over the events (RFC 6962 section 2.1), and the nodes that tiles hold of it."""
from checks import sha

class Tree:
    def __init__(self): self.nodes, self.size, self.tiled = [], 0, {}

    def add(self, leaf):
        level, index, self.size = 0, self.size, self.size + 1
        while index & 1:
            leaf, level, index = sha(b"\1", self.nodes.pop(), leaf), level + 1, index >> 1
            if level % 8 == 0:
                self.tiled[level // 8, index] = leaf
        self.nodes.append(leaf)

    def root(self):
        root = self.nodes[-1] if self.nodes else sha()
        for node in self.nodes[-2::-1]:
            root = sha(b"\1", node, root)
        return root
