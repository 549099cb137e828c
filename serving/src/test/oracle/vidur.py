"""Oracle of the schedulers as Vidur models them: sarathi, vllm (v0), orca, lightllm.

Written from prose (what each scheduler does, in words), in the plainest way: lists, scans, floats.
Batches pass through the pipeline stages in order, each stage serving one batch at a time; up to
`stages` batches of a replica are in flight. An iteration is (replica, start, end, batch size,
prompt tokens, decodes), where start is when its batch was formed; they come in order of their ends.
"""

import heapq
import sys

from common import REFERENCE, differences, read_trace, step_time


class Replica:
    def __init__(self, config, number):
        self.config = config
        self.number = number
        self.stages = config.get("stages", 1)
        self.block = config.get("block", 16)
        self.blocks = config["blocks"]
        self.cap = config.get("cap", 128)
        self.kept_free = int(config.get("watermark", 0.01) * self.blocks)
        self.micro = self.cap // self.stages
        self.waiting = []
        self.idle = []  # admitted, in no batch in flight
        self.held = {}  # blocks by request
        self.in_flight = 0
        self.stage_free_at = [0.0] * self.stages
        self.decodes_since_prefill = 0

    def free(self):
        return self.blocks - sum(self.held.values())

    def prompt_blocks(self, request):
        return -(-request.prompt // self.block)

    def fits(self, request):
        if request in self.held:
            return self.free() >= 1
        return self.free() - self.prompt_blocks(request) >= self.kept_free

    def take(self, request):
        if request not in self.held:
            self.held[request] = self.prompt_blocks(request)
        elif request.processed > self.held[request] * self.block:
            self.held[request] += 1

    def restart(self, request):
        """All tokens processed so far become the prompt; the rest is still to be decoded."""
        total = request.prompt + request.decode
        request.prompt = request.processed
        request.decode = total - request.prompt
        request.processed = 0
        request.prefilled = False
        request.preemptions += 1
        del self.held[request]
        self.waiting.insert(0, request)

    def secure(self, request, others):
        """Blocks for the next token of a decode, evicting the last of `others`, then itself."""
        while not self.fits(request):
            if others:
                self.restart(others.pop())
            else:
                self.restart(request)
                return False
        self.take(request)
        return True

    def batch(self):
        return getattr(self, self.config["scheduler"])()

    def sarathi(self):
        chunk = self.config["chunk"]
        batch, partial, used = [], [], 0
        while self.idle and len(batch) < self.micro:
            request = self.idle.pop(0)
            if not request.prefilled:
                partial.append(request)
            elif self.secure(request, self.idle):
                batch.append((request, 1))
                used += 1
        skipped = []
        for request in partial:
            count = min(request.prompt - request.processed, max(0, chunk - used))
            if count == 0:
                skipped.append(request)
                continue
            batch.append((request, count))
            used += count
        self.idle = sorted(skipped + self.idle, key=lambda r: r.arrived)
        while self.waiting and len(self.held) < self.cap and len(batch) < self.micro:
            request = self.waiting[0]
            count = min(request.prompt, max(0, chunk - used))
            if not self.fits(request) or count == 0:
                break
            self.waiting.pop(0)
            self.take(request)
            batch.append((request, count))
            used += count
        return batch

    def vllm(self):
        most = self.config.get("budget", 4096)
        batch, longest = [], 0
        while self.waiting and len(self.held) < self.cap and len(batch) < self.micro:
            request = self.waiting[0]
            if not self.fits(request):
                break
            if (len(batch) + 1) * max(longest, request.prompt) > most:
                break
            self.waiting.pop(0)
            self.take(request)
            longest = max(longest, request.prompt)
            batch.append((request, request.prompt))
        if batch:
            return batch
        self.idle.sort(key=lambda r: r.arrived)
        while self.idle and len(batch) < self.micro:
            request = self.idle.pop(0)
            if self.secure(request, self.idle):
                batch.append((request, 1))
        return batch

    def orca(self):
        most_blocks = self.config.get("longest", 4096) // self.block
        batch = []
        while self.idle and len(batch) < self.cap:
            request = self.idle.pop(0)
            batch.append((request, 1))
        while self.waiting and len(batch) < self.cap and self.free() >= most_blocks:
            request = self.waiting.pop(0)
            self.held[request] = most_blocks
            batch.append((request, request.prompt))
        return batch

    def lightllm(self):
        if not self.idle or self.decodes_since_prefill >= self.config.get("waiting_iterations", 10):
            if self.idle:
                self.decodes_since_prefill = 0
            batch = self.lightllm_prefill()
            if batch:
                self.decodes_since_prefill = 0
                return batch
            if not self.idle:
                return batch
        batch = []
        while self.idle and len(batch) < self.micro:
            request = self.idle.pop(0)
            self.held[request] += 1
            batch.append((request, 1))
        if batch:
            self.decodes_since_prefill += 1
        return batch

    def lightllm_prefill(self):
        most = self.config.get("budget", 4096)
        batch, used = [], 0
        counted = [(r.processed, r.decode - (r.processed - r.prompt) - 1) for r in self.idle]
        while self.waiting and len(self.held) < self.cap and len(batch) < self.micro:
            request = self.waiting[0]
            if used + request.prompt > most:
                break
            counted.append((request.prompt + 1, request.decode - 1))
            counted.sort(key=lambda pair: -pair[1])
            run, peak = 0, 0
            for rank, (done, left) in enumerate(counted, 1):
                run += done
                peak = max(peak, run + left * rank)
            if peak >= self.blocks:
                break
            self.waiting.pop(0)
            self.held[request] = request.prompt
            used += request.prompt
            batch.append((request, request.prompt))
        return batch


def simulate(requests, config):
    for request in requests:
        request.prompt, request.decode = request.input, request.output
        request.processed, request.prefilled = 0, False
    replicas = [Replica(config, number) for number in range(config.get("replicas", 1))]
    iterations = []
    # An arrival sorts before the end of a batch at the same instant; both before batches are formed.
    events, count = [], 0
    for request in sorted(requests, key=lambda r: (r.arrived, r.id)):
        heapq.heappush(events, (request.arrived, 0, count, request, None, None))
        count += 1
    routed = 0
    while events:
        now = events[0][0]
        changed = []
        arrivals = []
        while events and events[0][0] == now:
            _, kind, _, who, batch, _ = heapq.heappop(events)
            if kind == 0:
                arrivals.append(who)
                continue
            who.in_flight -= 1
            for request, tokens in batch:
                request.processed += tokens
                if not request.prefilled and request.processed == request.prompt:
                    request.prefilled = True
                    request.processed += 1
                    if request.first_token is None:
                        request.first_token = now
                if request.processed == request.prompt + request.decode:
                    request.completed = now
                    del who.held[request]
                else:
                    who.idle.append(request)
            changed.append(who)
        if arrivals:
            queued = {r: len(r.waiting) for r in replicas}
            for request in arrivals:
                if config.get("router", "round-robin") == "round-robin":
                    target = replicas[routed % len(replicas)]
                else:  # fewest queued requests, the first of equals
                    target = min(replicas, key=lambda r: queued[r])
                    queued[target] += 1
                routed += 1
                request.replica = target.number
                target.waiting.append(request)
                changed.append(target)
        for replica in replicas:
            if replica not in changed:
                continue
            while replica.in_flight < replica.stages:
                batch = replica.batch()
                if not batch:
                    break
                n = k = p = prefill = decodes = 0
                for request, tokens in batch:
                    if request.first_scheduled is None:
                        request.first_scheduled = now
                    n += tokens
                    if request.prefilled:
                        k += request.processed
                        decodes += 1
                    else:
                        p += tokens * (request.processed + tokens / 2)
                        prefill += tokens
                took = step_time(n, k, p) / replica.stages
                time = now
                for stage in range(replica.stages):
                    time = max(time, replica.stage_free_at[stage]) + took
                    replica.stage_free_at[stage] = time
                replica.in_flight += 1
                iterations.append((replica.number, now, time, len(batch), prefill, decodes))
                heapq.heappush(events, (time, 1, count, replica, batch, None))
                count += 1
    return sorted(iterations, key=lambda i: i[2])


GOLDENS = {
    "sarathi512_qps2": (0.5, dict(scheduler="sarathi", chunk=512, blocks=32768)),
    "sarathi512_pp2_qps2": (0.5, dict(scheduler="sarathi", chunk=512, blocks=91648, stages=2)),
    "sarathi512_4rep_rr_qps8": (0.125, dict(scheduler="sarathi", chunk=512, blocks=32768, replicas=4)),
    "sarathi512_qps3_preempt": (0.3333333333, dict(scheduler="sarathi", chunk=512, blocks=2400)),
    "vllm_qps2": (0.5, dict(scheduler="vllm", blocks=32768)),
    "orca_qps2": (0.5, dict(scheduler="orca", blocks=32768)),
    "lightllm_qps2": (0.5, dict(scheduler="lightllm", blocks=524288, block=1)),
}


def main():
    folder = REFERENCE + "/serving/vidur/"
    bad = 0
    for name, (scale, config) in GOLDENS.items():
        requests = read_trace(folder + "conv2000_unit_poisson.csv", scale)
        iterations = simulate(requests, config)
        found = differences(requests, iterations, folder + name + ".requests.csv",
                            folder + name + ".iters400.csv")
        print(name, len(iterations), "iterations", len(found), "differences", *found[:4], sep="\n  ")
        bad += len(found)
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
