#!/usr/bin/env python3
"""Counts in a publisher's file without tiplens.

usage: publisher.py FILE HEADER_ROW [MISSING]

Reads a .csv, .csv.gz or .xlsx (first sheet) with the standard library only,
takes row HEADER_ROW (1 is the first) as the header, then reads jobs from
stdin, one JSON object a line, and answers each with a line of JSON. It knows
columns and texts, and nothing of what they mean. A cell that holds MISSING
counts as blank. By hand:

  echo '{"do": "count", "where": [{"citizenship": "VN"}]}' | \
    python3 publisher.py ctdc_kanon_2021.csv.gz 1

The jobs:

  {"do": "size"}                            [data rows, columns]
  {"do": "digest"}                          SHA-256 over all cells, header first,
      without U+FFFD, which publishers leave where a letter was lost
  {"do": "count", "where": [COND, ...]}     how many rows meet each condition
  {"do": "tally", "by": [COL, ...]}         [[text, ..., rows], ...]
  {"do": "draw", "seed": N, "n": N, "by": [COL, ...], "of": COL,
   "where": COND, "least": N}               n random keys of the rows that meet
      COND, of those that stand in at least so many rows (default 1):
      [{"key": {COL: text}, "values": [the texts of COL under this key]}, ...]

COND is {COLUMNS: TEXT}, all of which must hold. COLUMNS may join several with
"|": one of them must be TEXT. "!TEXT" turns that round: none of them is.
"""
import csv
import gzip
import hashlib
import json
import random
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter, defaultdict

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def text_of(node):
    """The text of a shared string or inline string, without phonetic hints."""
    out = []
    for child in node:
        if child.tag == MAIN + "t":
            out.append(child.text or "")
        elif child.tag == MAIN + "r":
            out.extend(t.text or "" for t in child.iter(MAIN + "t"))
    return "".join(out)


def column(ref):
    n = 0
    for c in ref:
        if c.isalpha():
            n = n * 26 + ord(c) - 64
    return n - 1


def xlsx_rows(name):
    with zipfile.ZipFile(name) as z:
        shared = []
        with z.open("xl/sharedStrings.xml") as f:
            for _, el in ET.iterparse(f):
                if el.tag == MAIN + "si":
                    shared.append(text_of(el))
                    el.clear()
        with z.open("xl/worksheets/sheet1.xml") as f:
            for _, el in ET.iterparse(f):
                if el.tag != MAIN + "row":
                    continue
                row = []
                for cell in el:
                    kind, value = cell.get("t"), cell.find(MAIN + "v")
                    text = "" if value is None else value.text or ""
                    if kind == "s":
                        text = shared[int(text)]
                    elif kind == "inlineStr":
                        text = text_of(cell.find(MAIN + "is"))
                    at = column(cell.get("r"))
                    row.extend([""] * (at + 1 - len(row)))
                    row[at] = text
                yield row
                el.clear()


def rows_of(name):
    if name.endswith(".xlsx"):
        yield from xlsx_rows(name)
        return
    opener = gzip.open if name.endswith(".gz") else open
    with opener(name, "rt", encoding="utf-8-sig", newline="") as f:
        yield from csv.reader(f)


def main():
    name, header_row = sys.argv[1], int(sys.argv[2])
    missing = sys.argv[3] if len(sys.argv) > 3 else None
    table = list(rows_of(name))
    header, rows = table[header_row - 1], table[header_row:]
    rows = [r + [""] * (len(header) - len(r)) for r in rows]
    digest = hashlib.sha256()
    for r in [header] + rows:
        digest.update(("\x1f".join(r) + "\x1e").replace("\ufffd", "").encode())
    if missing is not None:
        rows = [["" if c == missing else c for c in r] for r in rows]
    at = {c: i for i, c in enumerate(header)}

    def meets(cond):
        tests = []
        for columns, want in cond.items():
            no = want.startswith("!")
            tests.append(([at[c] for c in columns.split("|")], want[1:] if no else want, no))
        return lambda r: all(any(r[i] == want for i in cols) != no for cols, want, no in tests)

    def do(job):
        kind = job["do"]
        if kind == "size":
            return [len(rows), len(header)]
        if kind == "digest":
            return digest.hexdigest()
        if kind == "count":
            used = sorted({at[c] for cond in job["where"] for cs in cond for c in cs.split("|")})
            like = Counter(tuple(r[i] for i in used) for r in rows)
            wide = [(dict(zip(used, k)), n) for k, n in like.items()]
            return [sum(n for r, n in wide if test(r)) for test in map(meets, job["where"])]
        by = [at[c] for c in job["by"]]
        if kind == "tally":
            return [list(k) + [n] for k, n in sorted(Counter(tuple(r[i] for i in by) for r in rows).items())]
        if kind == "draw":
            of, keys = at[job["of"]], defaultdict(list)
            for r in filter(meets(job.get("where", {})), rows):
                keys[tuple(r[i] for i in by)].append(r[of])
            found = sorted(k for k, v in keys.items() if len(v) >= job.get("least", 1))
            chosen = random.Random(job["seed"]).sample(found, min(job["n"], len(found)))
            return [{"key": dict(zip(job["by"], k)), "values": keys[k]} for k in chosen]
        raise SystemExit("unknown job " + kind)

    for line in sys.stdin:
        print(json.dumps(do(json.loads(line))), flush=True)


main()
