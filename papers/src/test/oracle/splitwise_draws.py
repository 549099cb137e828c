"""Arrivals of the sweep that reference/serving/splitwise/isopower_isocost_fifth_scale.csv records.

A sweep point of rate r draws gaps, then prompts, then outputs from numpy's default_rng(1000 + int(10 r)): see the README
beside that file. Written are arrival times and rows of the trace, never the trace's own figures.
Usage: python3 splitwise_draws.py RATE... > splitwise_draws.csv   (numpy 2.4.6)
"""
import sys
import numpy as np

ROWS = 19366  # of traces/azure_2023_conv.csv
SECONDS = 60
print("rate_rps,arrival_s,input_row,output_row")
for rate in (int(text) for text in sys.argv[1:]):
    random = np.random.default_rng(1000 + int(10 * rate))
    gaps = random.exponential(1 / rate, int(SECONDS * rate * 1.3) + 50)
    arrivals = np.cumsum(gaps)
    arrivals = arrivals[arrivals < SECONDS]
    inputs = random.integers(0, ROWS, len(arrivals))
    outputs = random.integers(0, ROWS, len(arrivals))
    for arrival, first, second in zip(arrivals, inputs, outputs):
        print(f"{rate},{arrival:.9f},{first},{second}")
