"""What the three oracles share: requests, the closed form of a step's time, reading and comparing."""

import csv
import os

REFERENCE = os.environ.get("RIDGELINE_REFERENCE", "")


class Request:
    """One request; lengths in tokens, times in seconds. Scheduler state hangs on it as attributes."""

    def __init__(self, number, arrived, prompt, output, hashes=()):
        self.id = number
        self.arrived = arrived
        self.input = prompt
        self.output = output
        self.hashes = list(hashes)
        self.first_scheduled = None
        self.first_token = None
        self.completed = None
        self.preemptions = 0
        self.hit_tokens = 0
        self.replica = 0


def step_time(n, k, p, c0=20.0, c1=0.19, c2=4.1e-5, c3=3.5e-6):
    """Seconds of a step of n tokens, k attended by decodes, p = sum of c*(p + c/2) over chunks."""
    return (c0 + c1 * n + c2 * k + c3 * p) / 1e3


def expand(items):
    """Block ids of `46 57-60` as a list."""
    ids = []
    for item in items.split():
        first, _, last = item.partition("-")
        ids.extend(range(int(first), int(last or first) + 1))
    return ids


def read_trace(path, scale=1.0, limit=None, longest=None):
    """Requests of a CSV trace whose first three numbers are arrival, prompt and output."""
    found = []
    with open(path) as lines:
        for row in csv.DictReader(lines):
            if "arrival_timestamp" in row:
                arrived, prompt, output = row["arrival_timestamp"], row["prompt_size"], row["token_size"]
            elif "arrived_at" in row:
                arrived, prompt, output = (
                    row["arrived_at"], row["num_prefill_tokens"], row["num_decode_tokens"])
            else:
                arrived, prompt, output = row["arrival_s"], row["input_tokens"], row["output_tokens"]
            if longest is not None and int(prompt) > longest:
                continue
            found.append(Request(len(found), float(arrived) * scale, int(prompt), int(output),
                                 expand(row.get("hash_ids") or "")))
            if limit is not None and len(found) == limit:
                break
    return found


def rows(path):
    with open(path) as lines:
        return list(csv.DictReader(lines))


def differences(requests, iterations, requests_golden, iterations_golden, tolerance=1.01e-5):
    """Sentences on what differs from a golden pair of files; times to `tolerance` seconds."""
    found = []
    for mine, gold in zip(requests, rows(requests_golden)):
        for name, value in (("first_scheduled_s", mine.first_scheduled),
                            ("first_token_s", mine.first_token), ("completed_s", mine.completed)):
            if abs(value - float(gold[name])) > tolerance:
                found.append(f"request {mine.id} {name} {value} golden {gold[name]}")
        kept = gold.get("restarts", gold.get("preemptions"))
        if mine.preemptions != int(kept):
            found.append(f"request {mine.id} preempted {mine.preemptions} golden {kept}")
    if iterations_golden:
        for index, (mine, gold) in enumerate(zip(iterations, rows(iterations_golden))):
            chunk = gold.get("prefill_tokens", gold.get("chunk_tokens"))
            decodes = gold.get("decode_tokens", gold.get("decode_requests"))
            theirs = (int(gold["batch_size"]), int(float(chunk)), int(decodes))
            if mine[3:6] != theirs or abs(mine[1] - float(gold["start_s"])) > tolerance or abs(
                    mine[2] - float(gold["end_s"])) > tolerance:
                found.append(f"iteration {index} {mine} golden {gold}")
    return found
