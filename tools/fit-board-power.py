#!/usr/bin/env python3
"""Fits the shares of BoardPower to tables of board power and writes a profile.

Usage: fit-board-power.py FOLDER > power--gb200--trtllm-1.3.0rc17.yaml
FOLDER holds gb200_*_power.csv.gz. Needs numpy and scipy.

Two fits. `all` has one set of shares for all tables and a gap for each; its shares say what a running
board draws, so its gap is left out. The others have shares and a gap of their own for each operator and
format: they say what a meter shows in that table. Held out are the families of shapes that the fits of
kernels hold out (FNV-1a of the key, one in five).
"""
import csv, gzip, sys
import numpy as np
from scipy.optimize import least_squares

FOLDER = sys.argv[1]
PEAK = {"bf16": 2.5e15, "fp8": 5e15, "fp8_block": 5e15, "nvfp4": 1e16}
BYTES = {"bf16": (2, 2), "fp8": (1, 1), "fp8_block": (1, 1 + 4 / 128), "nvfp4": (0.5625, 0.5625)}
BANDWIDTH = 8e12
LIMITS = [(0.1, 0.3), (0.15, 0.9), (1e-6, 10), (1e-6, 10), (0.5, 1), (1e-9, 1e-2)]
NAMES = ["idle", "working", "matrix", "memory", "cap", "gap"]


def held_out(key):
    h = 0xCBF29CE484222325
    for b in key.encode():
        h = (h ^ b) * 0x100000001B3 & (1 << 64) - 1
    return h % 5 == 0


def short(name):
    return {"bfloat16": "bf16", "half": "fp16"}.get(name, name)


def rows(table):
    with gzip.open("%s/gb200_%s_power.csv.gz" % (FOLDER, table), "rt") as text:
        yield from csv.DictReader(text)


def numbers(row, *names):
    return [float(row[name]) for name in names]


def read():
    """Variant, held out, seconds, share of the limit, matrix load, memory load."""
    def entry(variant, key, row, flops, traffic, peak):
        seconds = float(row["latency_us"]) * 1e-6
        share = float(row["power_w"]) / float(row["power_limit_w"])
        return variant, held_out(key), seconds, share, flops / seconds / peak, traffic / seconds / BANDWIDTH

    for r in rows("gemm"):
        f = short(r["dtype"])
        m, n, k = numbers(r, "m", "n", "k")
        weight, given = BYTES[f]
        yield entry("gemm-" + f, "%d,%d" % (n, k), r, 2 * m * n * k, given * m * k + weight * n * k + 2 * m * n, PEAK[f])
    for r in rows("context_attention"):
        h, g, d, b, s, w = numbers(r, "heads", "kv_heads", "head_dim", "batch", "seq_len", "window")
        a, kv = short(r["attn_dtype"]), short(r["kv_dtype"])
        seen = min(s, w) if w else s
        pairs = seen * (seen + 1) / 2 + (s - seen) * seen
        yield entry("context-attention-%s-kv-%s" % (a, kv), "%d,%d,%d,%d,%s" % (h, g, d, w, kv), r,
                    4 * b * h * d * pairs, b * s * d * (4 * h + 2 * g * BYTES[kv][0]), PEAK[a])
    for r in rows("generation_attention"):
        h, g, d, b, s, w = numbers(r, "heads", "kv_heads", "head_dim", "batch", "kv_len", "window")
        kv = short(r["kv_dtype"])
        seen = min(s, w) if w else s
        yield entry("generation-attention-%s" % kv, "%d,%d,%d,%d,%s" % (h, g, d, w, kv), r,
                    4 * b * h * d * seen, b * d * (seen * 2 * g * BYTES[kv][0] + 4 * h), PEAK["bf16"])
    for r in rows("moe"):
        hid, inter, k, e, tp, ep, t = numbers(r, "hidden", "inter", "topk", "experts", "tp", "ep", "tokens")
        f = short(r["dtype"])
        visits = t * k / ep
        touched = e / ep * (1 - (1 - k / e) ** t)
        yield entry("moe-" + f, "%d,%d,%d,%d" % (hid, inter, k, e), r, 6 * visits * hid * inter / tp,
                    touched * 3 * hid * inter / tp * BYTES[f][0] + visits * hid * 4, PEAK[f])


data = list(read())
variant = np.array([d[0] for d in data])
held = np.array([d[1] for d in data])
X = np.array([d[2:] for d in data])
names = list(dict.fromkeys(variant))
rng = np.random.default_rng(1)


def share(p, x, gap):
    idle, working, matrix, memory, cap = p
    running = np.minimum(cap, working + matrix * np.sqrt(np.minimum(x[:, 2], 1)) + memory * np.sqrt(np.minimum(x[:, 3], 1)))
    return idle + (running - idle) * x[:, 0] / (x[:, 0] + gap)


def unseen(name):
    """Rows of unseen families; all rows where a table has no such family."""
    test = np.where((variant == name) & held)[0]
    return test if len(test) else np.where(variant == name)[0]


def draw(index, most):
    return rng.choice(index, most, False) if len(index) > most else index


def solve(index, group, groups, starts):
    low = [l for l, _ in LIMITS[:5]] + [np.log(LIMITS[5][0])] * groups
    high = [h for _, h in LIMITS[:5]] + [np.log(LIMITS[5][1])] * groups
    best = None
    for gap in starts:
        start = [0.185, 0.35, 0.8, 0.55, 0.97] + [np.log(gap)] * groups
        found = least_squares(
            lambda p: np.log(share(p[:5], X[index], np.exp(p[5:][group])) / X[index, 1]),
            start, bounds=(low, high), loss="soft_l1", f_scale=0.05)
        if best is None or found.cost < best.cost:
            best = found
    return best.x


def write(name, constants, fitted, test, library):
    predicted = share(constants[:5], X[test], constants[5])
    ratio = np.log(predicted / X[test, 1])
    error = np.exp(np.abs(ratio)) - 1
    low, high = np.exp(-np.quantile(ratio, [0.9, 0.1]))
    print('  "%s":' % name)
    if library:
        print('    library: "%s"' % library)
    print("    constants:")
    for key, value in zip(NAMES, constants):
        print('      "%s": %s' % (key, repr(float("%.6g" % value)).replace("e", "E")))
    print('    fit: {data: "gb200_*_power.csv.gz", date: "2026-11-23", rows: %d}' % fitted)
    if held[test].all():
        print("    held_out: {rows: %d, geo: %.4g, median: %.4g, p90: %.4g, bias: %.4g}" % (
            len(test), np.exp(np.mean(np.abs(ratio))) - 1, np.median(error), np.quantile(error, 0.9), np.exp(np.mean(ratio)) - 1))
    print("    band: {low: %.4g, high: %.4g}" % (min(1, low), max(1, high)))
    return error


print("schema_version: 1\noperator: \"power\"\nchip: \"gb200\"\nengine: \"trtllm\"\nengine_version: \"1.3.0rc17\"\nvariants:")
index, group = [], []
for number, name in enumerate(names):
    some = draw(np.where((variant == name) & ~held)[0], 600)
    index.append(some)
    group += [number] * len(some)
index = np.concatenate(index)
shares = solve(index, np.array(group), len(names), [2e-5])
print("gaps of the common fit:", {str(n): "%.3g" % g for n, g in zip(names, np.exp(shares[5:]))}, file=sys.stderr)
joint = []
for number, name in enumerate(names):
    test = unseen(name)
    joint.append(np.exp(np.abs(np.log(share(shares[:5], X[test], np.exp(shares[5 + number])) / X[test, 1]))) - 1)
print("common shares, median %.4f p90 %.4f" % (np.median(np.concatenate(joint)), np.quantile(np.concatenate(joint), 0.9)), file=sys.stderr)
long = np.where(held & (X[:, 0] >= 1e-4))[0]
write("all", list(shares[:5]) + [1e-9], len(index), long, None)
errors = []
for name in names:
    train = draw(np.where((variant == name) & ~held)[0], 3000)
    found = solve(train, np.zeros(len(train), int), 1, [1e-6, 1e-5, 1e-4, 5e-4])
    test = unseen(name)
    errors.append(write(name, list(found[:5]) + [float(np.exp(found[5]))], len(train), test,
                        "vllm 0.22.0" if name.startswith("moe") else None))
print("own shares, median %.4f p90 %.4f" % (np.median(np.concatenate(errors)), np.quantile(np.concatenate(errors), 0.9)), file=sys.stderr)
