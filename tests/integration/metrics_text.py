#!/usr/bin/env python3
"""Reads Prometheus's text format (0.0.4) from stdin, strictly: each family announced once by HELP and TYPE and not
interrupted, no series twice, histograms that add up. With arguments, prints the value of each series named, or -."""
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(\{{{LABEL}(?:,{LABEL})*\}})? (-?[0-9]+(?:\.[0-9]+)?)")

text = sys.stdin.read()
assert text.endswith("\n"), "the last line has no end"
types, seen, current = {}, {}, None
for line in text[:-1].split("\n"):
    comment = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line)
    if comment:
        kind, name, rest = comment.groups()
        if kind == "HELP":
            assert name not in types, f"{name} comes twice"
            types[name], current = None, name
        else:
            assert name == current and types[name] is None, f"TYPE of {name} is out of place"
            assert rest in ("counter", "gauge", "histogram"), rest
            types[name] = rest
        continue
    sample = SAMPLE.fullmatch(line)
    assert sample, f"not a sample: {line}"
    name, labels, value = sample.groups()
    suffixes = ("_bucket", "_sum", "_count") if types.get(current) == "histogram" else ("",)
    assert name in [f"{current}{s}" for s in suffixes], f"{name} stands in family {current}"
    series = name + (labels or "")
    assert series not in seen, f"{series} comes twice"
    seen[series] = float(value)

buckets = {}
for series, value in seen.items():
    le = re.search(r',le="([^"]+)"}', series)
    if le:
        buckets.setdefault(series.replace(le.group(0), "}"), []).append((float(le.group(1)), value))
for series, counts in buckets.items():
    assert counts == sorted(counts) and [n for _, n in counts] == sorted(n for _, n in counts), f"{series}: not in order"
    assert counts[-1][0] == float("inf"), f"{series}: no +Inf"
    assert counts[-1][1] == seen[series.replace("_bucket", "_count")], f"{series}: count differs"
    assert series.replace("_bucket", "_sum") in seen, f"{series}: no sum"
for wanted in sys.argv[1:]:
    print(f"{seen[wanted]:g}" if wanted in seen else "-")
