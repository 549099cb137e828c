"""Oracle of splitwise-sim's machines and its token_jsq scheduler, one iteration at a time.

Written from prose and the recorded runs, in the plainest way. A machine batches at most 2,048
tokens and 512 requests; prompts push token generation out of a batch, but it keeps its memory.
Given the machines that the recorded runs chose, both runs are met up to the decimals of the curves:
bloom_splitwise_hh_3p2t_mixed_pool but for steps that a cache reaches within these decimals, and
bloom_baseline_a100x4_token_jsq until its memory is full (55 s). From there on some forty of its
1,000 prompts go ahead of older ones that would fit; each of them was passed over at least four
times before, but so were many that waited on. Given the order of prompts too (--replay), every time
of that run up to 119 s is met, so nothing else differs.
"""

import heapq
import sys

from common import REFERENCE, read_trace, rows

MOST_TOKENS, MOST_TASKS = 2048, 512


class Curve:
    """Prompt and token times of a machine in seconds, linear between and beyond the points."""

    def __init__(self, model, hardware, tensor=8):
        found = [r for r in rows(REFERENCE + "/serving/splitwise/perf_curves_median.csv")
                 if r["model"] == model and r["hardware"] == hardware
                 and int(r["tensor_parallel"]) == tensor]
        self.x = [float(r["batch_tokens"]) for r in found]
        self.prompt_y = [float(r["prompt_time_ms"]) / 1e3 for r in found]
        self.token_y = [float(r["token_time_ms"]) / 1e3 for r in found]

    def at(self, y, tokens):
        i = 1
        while i < len(self.x) - 1 and self.x[i] < tokens:
            i += 1
        slope = (y[i] - y[i - 1]) / (self.x[i] - self.x[i - 1])
        return y[i - 1] + (tokens - self.x[i - 1]) * slope

    def time(self, prompt_tokens, sequences):
        if prompt_tokens == 0:
            return self.at(self.token_y, sequences)
        alone = self.at(self.prompt_y, prompt_tokens + sequences)
        return alone * 1.1 if sequences else alone


class Machine:
    def __init__(self, number, curve, memory, home):
        self.number, self.curve, self.memory, self.home = number, curve, memory, home
        self.pool = home
        self.used = 0.0  # bytes held
        self.promised = 0.0  # bytes that the router has committed
        self.pending = 0  # tokens as the router counts them
        self.prompts, self.preempted, self.running, self.others = [], [], [], []
        self.batch = None

    def idle(self):
        return not (self.prompts or self.preempted or self.running or self.others)


def simulate(requests, config):
    curves = {k: Curve(config.get("model", "bloom-176b"), k) for k in
              ("a100-80gb", "h100-80gb", "h100-80gb-pcap")}
    per_token = config.get("bytes_per_token", 4.0 * 14336 * 70)
    memory = config["memory"]
    machines = [Machine(i, curves[kind], memory, pool)
                for i, (kind, pool) in enumerate(config["machines"])]
    forced = config.get("routes")
    replay = config.get("first_tokens")
    events, count = [], 0
    iterations = []
    first = {}

    def push(time, *what):
        nonlocal count
        heapq.heappush(events, (time, count, what))
        count += 1

    def recorded(m, now):
        """The prompts whose recorded first tokens are due if they start now."""
        if not m.prompts:
            return []
        due = min(replay[r.id] for r in m.prompts)
        group = [r for r in m.prompts if abs(replay[r.id] - due) < 2e-4]
        prompt = sum(r.input for r in group)
        at_least = len(m.preempted) + len(m.running)
        beside = {max(0, min(at_least + more, MOST_TOKENS - prompt)) for more in range(len(m.others) + 1)}
        return group if any(abs(now + m.curve.time(prompt, n) - due) < 6e-5 for n in beside) else []

    def select(m, now):
        batch, tokens = [], 0
        prompts = []

        def fits(n):
            return not batch or (tokens + n <= MOST_TOKENS and len(batch) < MOST_TASKS)

        for r in recorded(m, now) if replay else list(m.prompts):
            if not fits(r.input):
                break
            need = (r.input + 1) * per_token
            if not replay and m.used + need > m.memory:
                break
            m.prompts.remove(r)
            m.used += need
            r.held = need
            batch.append((r, r.input))
            tokens += r.input
            prompts.append(r)
        for queue in (m.preempted, m.running):
            for r in sorted(queue, key=lambda r: r.id):
                if fits(1):
                    batch.append((r, 1))
                    tokens += 1
        for r in sorted(m.others, key=lambda r: r.id):
            # One pool in order of arrival: an older prompt that waits keeps new tokens waiting.
            if not fits(1) or (m.prompts and m.prompts[0].id < r.id):
                break
            if r.machine_of_memory is not m:
                need = (r.input + r.output) * per_token
            else:
                need = (r.output - 1) * per_token
            if not r.reserved:
                if m.used + need > m.memory:
                    break
                m.used += need
                r.held = (r.held if r.machine_of_memory is m else 0) + need
                r.machine_of_memory = m
                r.reserved = True
            m.others.remove(r)
            batch.append((r, 1))
            tokens += 1
        in_batch = {id(b[0]) for b in batch}
        for r in m.running:
            if id(r) not in in_batch:
                r.preemptions += 1
        m.preempted = [r for r in m.preempted + m.running if id(r) not in in_batch]
        m.running = [r for r, n in batch if r.first_token is not None]
        return batch, prompts

    def go(m, now):
        if m.batch is not None:
            return
        batch, prompts = select(m, now)
        if not batch:
            return
        p = sum(r.input for r in prompts)
        t = m.curve.time(p, len(batch) - len(prompts))
        m.batch = (batch, prompts)
        iterations.append((m.number, now, now + t, len(batch), p, len(batch) - len(prompts)))
        push(now + t, "end", m)

    def route(r):
        if forced:
            return machines[forced[r.id][0]], machines[forced[r.id][1]]
        m = min(machines, key=lambda m: m.pending)
        return m, m

    for r in requests:
        r.produced, r.reserved, r.held, r.machine_of_memory = 0, False, 0, None
        push(r.arrived, "arrival", r)
    while events:
        now, _, what = heapq.heappop(events)
        if what[0] == "arrival":
            r = what[1]
            r.p, r.t = route(r)
            r.p.pending += r.input
            r.t.pending += 1
            r.p.prompts.append(r)
            go(r.p, now)
        elif what[0] == "moved":
            r = what[1]
            r.p.used -= r.held
            r.t.others.append(r)
            go(r.t, now)
            go(r.p, now)
        else:
            m = what[1]
            batch, prompts = m.batch
            m.batch = None
            for r, n in batch:
                if r in prompts:
                    r.first_token = now
                    m.pending -= r.input
                    r.produced = 1
                    r.machine_of_memory = m
                    if r.output <= 1:
                        r.completed = now
                        m.used -= r.held
                    elif r.t is m:
                        m.others.append(r)
                    else:
                        push(now + r.input * per_token / config.get("bandwidth", 200 * 2**30), "moved", r)
                else:
                    r.produced += 1
                    if r.produced == r.output:
                        r.completed = now
                        m.running.remove(r)
                        m.used -= r.held
                        m.pending -= 1
            go(m, now)
    return iterations


def main():
    folder = REFERENCE + "/serving/splitwise/"
    for name, machines in (
            ("bloom_baseline_a100x4_token_jsq", [("a100-80gb", "both")] * 4),
            ("bloom_splitwise_hh_3p2t_mixed_pool",
             [("h100-80gb", "prefill")] * 3 + [("h100-80gb", "decode")] * 2)):
        gold = rows(folder + name + ".requests.csv")
        requests = read_trace(folder + "conv_8rps_1000.csv")
        # 8 x 80 GiB less BLOOM's weights (329 GB in its model card).
        config = dict(machines=machines, memory=640 * 2**30 - 329e9)
        if "--route" not in sys.argv or "mixed" in name:
            config["routes"] = [(int(g["prompt_instance"]), int(g["token_instance"])) for g in gold]
        if "--replay" in sys.argv:
            config["first_tokens"] = [float(g["arrived_s"]) + float(g["ttft_s"]) for g in gold]
        steps = simulate(requests, config)
        found = []
        for r, g in zip(requests, gold):
            for what, mine, theirs in (("first token", r.first_token, float(g["ttft_s"])),
                                       ("end", r.completed, float(g["e2e_s"]))):
                theirs += float(g["arrived_s"])
                if mine is None or abs(mine - theirs) > 1e-3:
                    found.append((theirs, f"request {r.id} {what} {mine} golden {theirs:.6f}"))
        found.sort()
        print(name, f"{len(steps)} iterations", f"{len(found)} differences", *(f for _, f in found[:4]),
              sep="\n  ")


if __name__ == "__main__":
    main()
