"""Oracle of vLLM V1's scheduler and block pool, as a plain loop around one replica.

Written from prose, in the plainest way: a list of free blocks in order of reuse, one dictionary
from the hash of a prefix to the blocks that hold it. The loop admits all arrivals up to now,
schedules, advances by the step's time, and hands out tokens.
"""

import sys

from common import REFERENCE, differences, read_trace, rows, step_time


class Pool:
    """Blocks; `order` is the free list, first reused first."""

    def __init__(self, count, block, caching):
        self.block = block
        self.caching = caching
        self.order = list(range(count))
        self.users = [0] * count
        self.name = [None] * count  # the prefix a block holds
        self.holders = {}  # prefix -> blocks, oldest first

    def hits(self, request, length):
        found = []
        if self.caching:
            for prefix in request.prefixes[: (length - 1) // self.block]:
                if prefix not in self.holders:
                    break
                found.append(self.holders[prefix][0])
        return found

    def lacking(self, request, tokens, hits):
        """Free blocks it takes to hold `tokens`, counting free hits as taken."""
        held = len(request.blocks) + len(hits)
        return max(0, -(-tokens // self.block) - held) + sum(self.users[b] == 0 for b in hits)

    def grow(self, request, tokens, hits=()):
        """Blocks for `tokens` in all; False, and nothing done, where too few are free."""
        if self.lacking(request, tokens, hits) > len(self.order):
            return False
        for block in hits:
            if self.users[block] == 0:
                self.order.remove(block)
            self.users[block] += 1
            request.blocks.append(block)
        while len(request.blocks) * self.block < tokens:
            block = self.order.pop(0)
            if self.name[block] is not None:
                holders = self.holders[self.name[block]]
                holders.remove(block)
                if not holders:
                    del self.holders[self.name[block]]
                self.name[block] = None
            self.users[block] = 1
            request.blocks.append(block)
        if self.caching:
            for index, prefix in enumerate(request.prefixes[: tokens // self.block]):
                block = request.blocks[index]
                if self.name[block] is None:
                    self.name[block] = prefix
                    self.holders.setdefault(prefix, []).append(block)
        return True

    def release(self, request):
        for block in reversed(request.blocks):
            self.users[block] -= 1
            if self.users[block] == 0:
                self.order.append(block)
        request.blocks = []


NAMES = {}  # (name of what comes before, tokens of the block) -> name


def prefixes(request, block, hash_tokens=512):
    """Names of the prompt's full blocks: the ids of all tokens up to their end, chained."""
    chain, names = None, []
    for end in range(block, request.input + 1, block):
        chain = (chain, tuple(request.hashes[t // hash_tokens] for t in range(end - block, end)))
        names.append(NAMES.setdefault(chain, len(NAMES)))
        chain = names[-1]
    return names


def simulate(requests, config):
    block = config.get("block", 16)
    caching = config.get("caching", False)
    pool = Pool(config["blocks"], block, caching)
    threshold = config.get("threshold", 0)
    gate = config.get("gate", True)
    most = config.get("sequences", 128)
    for request in requests:
        request.computed, request.produced, request.blocks = 0, 0, []
        request.prefixes = prefixes(request, block) if caching else []
    coming = sorted(requests, key=lambda r: (r.arrived, r.id))
    waiting, running, iterations = [], [], []
    now = 0.0

    def preempt(request):
        running.remove(request)
        pool.release(request)
        request.computed = 0
        request.preemptions += 1
        waiting.insert(0, request)

    while coming or waiting or running:
        while coming and coming[0].arrived <= now:
            waiting.append(coming.pop(0))
        budget = config["budget"]
        batch, preempted = [], False
        index = 0
        while index < len(running) and budget > 0:
            request = running[index]
            count = request.input + request.produced - request.computed
            if threshold:
                count = min(count, threshold)
            count = min(count, budget)
            done = False
            while not (done := pool.grow(request, request.computed + count)):
                victim = running[-1]
                preempt(victim)
                preempted = True
                if victim is request:
                    break
            if not done:
                break
            batch.append((request, count, request.computed))
            budget -= count
            index += 1
        while not preempted and waiting and budget > 0 and len(running) < most:
            request = waiting[0]
            length = request.input + request.produced
            hits = pool.hits(request, length)
            found = len(hits) * block
            count = length - found
            if threshold:
                count = min(count, threshold)
            count = min(count, budget)
            if gate and pool.lacking(request, length, hits) > len(pool.order):
                break
            if not pool.grow(request, found + count, hits):
                break
            waiting.pop(0)
            running.append(request)
            request.hit_tokens = found
            batch.append((request, count, found))
            budget -= count
        if not batch:
            if not coming:
                raise RuntimeError(f"stuck at {now}")
            now = max(now, coming[0].arrived)
            continue
        n = k = p = chunk = decodes = 0
        for request, count, before in batch:
            if request.first_scheduled is None:
                request.first_scheduled = now
            n += count
            if count == 1:
                k += before
                decodes += 1
            else:
                p += count * (before + count / 2)
                chunk += count
        free = len(pool.order)
        start, now = now, now + step_time(n, k, p)
        iterations.append((0, start, now, len(batch), chunk, decodes, free))
        for request, count, before in batch:
            request.computed = before + count
            if request.computed < request.input + request.produced:
                continue
            request.produced += 1
            if request.first_token is None:
                request.first_token = now
            if request.produced == request.output:
                request.completed = now
                running.remove(request)
                pool.release(request)
    return iterations


CONV = "/serving/vidur/conv2000_unit_poisson.csv"
GOLDENS = {
    "conv_qps2_b512": (CONV, 0.5, None, None, dict(budget=512, blocks=32768)),
    "conv_qps2_b2048": (CONV, 0.5, None, None, dict(budget=2048, blocks=32768)),
    "conv_qps3_b2048_blocks2400": (CONV, 0.3333333333, None, None, dict(budget=2048, blocks=2400)),
    "mooncake1000_le16k_x3_prefix_b8192_blocks24000": (
        "/traces/mooncake_conversation.csv", 3, 1000, 16000, dict(budget=8192, blocks=24000, caching=True)),
}


def main():
    folder = REFERENCE + "/serving/vllm-v1/"
    bad = 0
    for name, (trace, scale, limit, longest, config) in GOLDENS.items():
        requests = read_trace(REFERENCE + trace, scale, limit, longest)
        iterations = simulate(requests, config)
        found = differences(requests, iterations, folder + name + ".requests.csv",
                            folder + name + ".iters400.csv")
        for mine, gold in zip(iterations, rows(folder + name + ".iters400.csv")):
            if mine[6] != int(gold["free_blocks_after_schedule"]):
                found.append(f"free blocks {mine} golden {gold}")
        for mine, gold in zip(requests, rows(folder + name + ".requests.csv")):
            if mine.hit_tokens != int(gold["last_admission_prefix_hit_tokens"]):
                found.append(f"hits {mine.id} {mine.hit_tokens} golden {gold}")
        print(name, len(iterations), "iterations", len(found), "differences", *found[:4], sep="\n  ")
        bad += len(found)
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
