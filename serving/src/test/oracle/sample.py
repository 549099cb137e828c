"""Random setups and random traffic through the oracles; see README.md."""

import random
import sys

import vidur
import vllm_v1
from common import Request

SETUPS = 36
REQUESTS = 80
FOLDER = "serving/src/test/resources/dev/ridgeline/serving/oracle/"


def traffic(dice, block, hashed):
    """Rows (arrival, prompt, output, hash ids): Poisson or bursts, with corner cases of lengths."""
    bursts, short = dice.random() < 0.3, dice.random() < 0.15
    stems = [[dice.randrange(10**4) for _ in range(dice.randint(1, 4))] for _ in range(3)]
    gap = dice.choice([0.02, 0.05, 0.1, 0.25])
    now, found = 0.0, []
    for number in range(REQUESTS):
        if not bursts or dice.random() < 0.15:
            now += dice.expovariate(1) * gap * (6 if bursts else 1)
        prompt = dice.choice([dice.randint(1, 2000), dice.randint(1, 200), block * dice.randint(1, 40),
                              512 * dice.randint(1, 4), 1])
        if short:
            prompt = dice.choice([1, 2, block, block + 1, dice.randint(1, 64)])
        output = dice.choice([1, 1, 2, dice.randint(1, 50), dice.randint(1, 400), block * dice.randint(1, 6)])
        ids = []
        if hashed:
            stem = dice.choice(stems)
            ids = stem[: dice.randint(0, len(stem))]
            ids += [10**5 + 10 * number + i for i in range(dice.randint(0, 2))]
            ids = ids or [10**6 + number]
            rest = 512 if dice.random() < 0.4 else dice.randint(1, 512)
            prompt = 512 * (len(ids) - 1) + rest
        found.append((round(now, 6), prompt, output, ids))
    return found


def vidur_setup(dice):
    scheduler = dice.choice(["sarathi", "vllm", "orca", "lightllm"])
    block = 1 if scheduler == "lightllm" else dice.choice([16, 16, 16, 1, 8, 32, 64])
    rows = traffic(dice, block, False)
    longest = max(p + o for _, p, o, _ in rows)
    watermark = 0.01 if scheduler in ("orca", "lightllm") else dice.choice([0.01, 0.01, 0, 0.1])
    least = int(-(-longest // block) / (1 - watermark)) + 2
    stages = 1 if scheduler == "lightllm" else dice.choice([1, 1, 1, 2, 4])
    setup = dict(scheduler=scheduler, block=block, watermark=watermark, stages=stages,
                 blocks=dice.choice([least, int(least * 1.1), int(least * 1.3), least * 2, 10**5]),
                 cap=dice.choice([128, 128, 128, 4, 8, 64]),
                 replicas=dice.choice([1, 1, 1, 1, 2, 4]), router=dice.choice(["round-robin", "lor"]))
    if scheduler == "sarathi":
        setup["chunk"] = dice.choice([512, 512, 16, 17, 64, 100, 256, 1024, 2048])
    elif scheduler == "orca":
        setup["longest"] = max(longest, dice.choice([2048, 4096]))
        setup["blocks"] = max(setup["blocks"], setup["longest"] // block + 1)
    else:
        setup["budget"] = max(longest, dice.choice([2048, 4096, 8192]))
    if scheduler == "lightllm":
        setup["waiting_iterations"] = dice.choice([10, 5, 1])
        setup["blocks"] = int(least * dice.choice([1, 1.2, 1.5, 2, 3]))
    return rows, setup


def vllm_setup(dice):
    caching = dice.random() < 0.5
    block = dice.choice([16, 16, 16, 8, 32, 64])
    rows = traffic(dice, block, caching)
    least = -(-max(p + o for _, p, o, _ in rows) // block)
    return rows, dict(block=block, caching=caching,
                      blocks=dice.choice([least, least + 1, int(least * 1.3), least * 2, least * 4, 10**4]),
                      budget=dice.choice([512, 2048, 8192, 256, 64, 17, 100]),
                      sequences=dice.choice([128, 128, 4, 8, 1]),
                      threshold=dice.choice([0, 0, 0, 512, 256, 16, 100]), gate=dice.random() < 0.6)


def lines(name, simulate, make):
    for seed in range(SETUPS):
        rows, setup = make(random.Random(f"{name} {seed}"))
        requests = [Request(i, *row) for i, row in enumerate(rows)]
        iterations = simulate(requests, setup)
        setup["iterations"] = len(iterations)
        yield "setup " + " ".join(f"{key}={value}" for key, value in setup.items())
        for r in requests:
            yield (f"{r.arrived:.6f},{r.input},{r.output},{' '.join(map(str, r.hashes))},"
                   f"{r.first_scheduled:.6f},{r.first_token:.6f},{r.completed:.6f},"
                   f"{r.preemptions},{r.hit_tokens},{r.replica}")


def main():
    for name, simulate, make in (("vidur", vidur.simulate, vidur_setup),
                                 ("vllm-v1", vllm_v1.simulate, vllm_setup)):
        out = open(FOLDER + name + ".txt", "w") if "--write" in sys.argv else sys.stdout
        for line in lines(name, simulate, make):
            print(line, file=out)


if __name__ == "__main__":
    main()
