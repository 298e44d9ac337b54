"""The score and the profile of docs/lake.md#quality once more, written from the rules alone: makes
src/test/resources/quality/cases.json, which QualityCasesTest compares with what Caravan says.

    python3 bench/quality/reference.py > src/test/resources/quality/cases.json
"""
import json
import random
import re
import statistics
from collections import Counter
from datetime import date, datetime

NAN_TEXTS = {"nan", "inf", "infinity"}


def missing(v):
    return v is None or (isinstance(v, str) and not v.strip())


def none(v):
    return missing(v) or (isinstance(v, str) and v.strip().lower() == "null")


def number(v):
    if isinstance(v, bool) or not isinstance(v, (int, float, str)):
        return None
    if isinstance(v, str) and not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", v.strip()):
        return None
    n = float(v) + 0.0
    return n if abs(n) != float("inf") else None


def iso(v):
    try:
        datetime.fromisoformat(str(v).strip().replace("Z", "+00:00"))
        return True
    except ValueError:
        return False


def type_ok(t, v):
    s = str(v).strip()
    if t == "integer":
        return re.fullmatch(r"[+-]?\d+", s) is not None
    if t == "float":
        return number(v) is not None or s.lower().lstrip("+-") in NAN_TEXTS
    if t == "boolean":
        return s.lower() in {"true", "false", "yes", "no", "1", "0"}
    if t in ("date", "datetime"):
        return iso(v)
    return True


def find(column, columns):
    for c in columns:
        if c == column["name"]:
            return c
    for c in columns:
        if c.lower() == column["name"].lower():
            return c
    if column.get("pattern"):
        for c in columns:
            if re.match(column["pattern"], c, re.I):
                return c
    return None


def place(t, v):
    if t in ("date", "datetime"):
        try:
            return date.fromisoformat(str(v).strip()[:10])
        except ValueError:
            return None
    return number(v)


def score(schema, columns, rows):
    cols = schema["columns"]
    required = [c for c in cols if c.get("required")]
    deductions = {"schema": 0.0, "format": 0.0, "completeness": 0.0, "bounds": 0.0, "uniqueness": 0.0}
    if not rows:
        return 100, deductions
    failed = 0
    for c in required:
        if find(c, columns) is None:
            failed += 1
    for c in cols:
        at = find(c, columns)
        if at is None:
            continue
        errors = 0
        for r in rows[:100]:
            if not missing(r.get(at)) and not type_ok(c["type"], r[at]):
                errors += 1
        failed += min(errors, 3)
    total = len(required) + len(cols) * min(len(rows), 100)
    deductions["schema"] = failed / total * 40
    exist = [c for c in required if c["name"] in columns]
    if exist:
        nulls = sum(missing(r.get(c["name"])) for c in exist for r in rows)
        deductions["completeness"] = nulls / (len(rows) * len(exist)) * 20
    checked = beyond = 0
    for c in cols:
        if c["name"] not in columns or (c.get("min") is None and c.get("max") is None):
            continue
        for r in rows:
            v = r.get(c["name"])
            if missing(v):
                continue
            checked += 1
            p = place(c["type"], v)
            if p is None:
                continue
            if c.get("min") is not None and p < place(c["type"], c["min"]):
                beyond += 1
            elif c.get("max") is not None and p > place(c["type"], c["max"]):
                beyond += 1
    if checked:
        deductions["bounds"] = beyond / checked * 15
    keys = [k if isinstance(k, list) else [k] for k in schema.get("unique_keys", [])]
    for c in cols:
        if c.get("unique") and [c["name"]] not in keys:
            keys.append([c["name"]])
    bad = 0
    for k in keys:
        needs = any(c["name"] in k and c.get("required") for c in cols)
        seen = Counter()
        for r in rows:
            parts = [r.get(p) for p in k]
            if any(none(p) for p in parts):
                bad += needs
            else:
                seen[tuple(str(p) for p in parts)] += 1
        bad += sum(n - 1 for n in seen.values())
    if keys:
        deductions["uniqueness"] = bad / (len(rows) * len(keys)) * 10
    points = max(0, min(100, round(100 - sum(deductions.values()))))
    return points, {k: round(v, 2) for k, v in deductions.items()}


def fences(values):
    s = sorted(values)
    q1, q3 = s[int(len(s) / 4)], s[int(3 * len(s) / 4)]
    return s, q1, q3, q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)


def percent(part, whole):
    return round(100 * part / whole, 2) if whole else 0.0


def profile(columns, rows):
    stats, uniq, dist, bounds, empty, nulls = [], [], [], [], [], []
    n = len(rows)
    for c in columns:
        values = [r.get(c) for r in rows if not none(r.get(c))]
        numbers = [number(v) for v in values if number(v) is not None]
        if numbers and len(numbers) >= 0.8 * len(values):
            s, q1, q3, low, high = fences(numbers)
            mean, median = statistics.mean(numbers), statistics.median(numbers)
            outliers = [v for v in numbers if v < low or v > high]
            iqr = q3 - q1
            shape = "normal" if iqr == 0 or abs(mean - median) < iqr / 10 else \
                "skewed-right" if mean > median else "skewed-left"
            stats.append({"column": c, "mean": round(mean, 2), "median": round(median, 2),
                          "stdDev": round(statistics.stdev(numbers), 2) if len(numbers) > 1 else 0.0,
                          "min": round(s[0], 2), "max": round(s[-1], 2), "count": len(numbers),
                          "zeros": sum(v == 0 for v in numbers), "negatives": sum(v < 0 for v in numbers),
                          "distribution": shape, "outlierCount": len(outliers),
                          "outlierValues": [round(v, 2) for v in outliers[:10]]})
        head = [r.get(c) for r in rows[:1000] if not none(r.get(c))]
        first = [number(v) for v in head if number(v) is not None]
        if first and len(first) >= 0.8 * len(head):
            _, _, _, low, high = fences(first)
            outliers = [v for v in first if v < low or v > high]
            if outliers:
                bounds.append({"column": c, "severity": "Medium", "lowerBound": round(low, 2),
                               "upperBound": round(high, 2), "outliersCount": len(outliers),
                               "exampleValues": [round(v, 2) for v in outliers[:5]]})
        if not values:
            empty.append(c)
        if len(values) < n:
            nulls.append({"column": c, "nulls": n - len(values), "nullPercentage": percent(n - len(values), n)})
        counts = Counter(str(v) for v in values)
        uniq.append({"column": c, "uniqueCount": len(counts),
                     "cardinality": round(len(counts) / len(values), 4) if values else 0.0,
                     "duplicateCount": len(values) - len(counts),
                     "duplicatePercentage": percent(len(values) - len(counts), len(values))})
        if counts and (len(counts) <= 20 or (len(counts) < n / 10 and len(counts) < 100)):
            top = sorted(counts.items(), key=lambda e: (-e[1], e[0][:50]))[:25]
            dist.append({"column": c, "histogram": [{"bin": v[:50], "count": k} for v, k in top]})
    complete = sum(all(not none(r.get(c)) for c in columns) for r in rows)
    different = len({tuple(None if none(r.get(c)) else str(r.get(c)) for c in columns) for r in rows})
    return {"statisticalSummary": stats,
            "completenessOverview": {"totalRows": n, "completeRows": complete,
                                     "completeRowPercentage": percent(complete, n),
                                     "entirelyNullColumns": empty, "columnsWithNulls": nulls},
            "uniquenessOverview": {"totalRows": n, "uniqueRows": different, "duplicateRows": n - different,
                                   "duplicatePercentage": percent(n - different, n), "columns": uniq},
            "valueDistributions": dist, "boundsAnomalies": bounds,
            "sampleData": {"columns": columns, "rows": rows[:20]}}


def case(seed):
    r = random.Random(seed)
    size = r.choice([1, 2, 3, 7, 40, 99, 100, 101, 140])
    dirt = r.choice([0, 0.02, 0.1, 0.5])
    junk = ["", " ", "null", "NULL", None, "x", "nan", "1d", "0x10", "2031-02-30", "-0", "1e400", "12.0", "yes"]

    def v(make):
        return r.choice(junk) if r.random() < dirt else make()

    makers = {
        "id": lambda: str(r.randrange(size * 2)),
        "Amount": lambda: f"{r.gauss(100, 30):.{r.randrange(4)}f}",
        "born": lambda: f"{r.randrange(1950, 2031)}-0{r.randrange(1, 10)}-{r.randrange(10, 29)}"
                        + r.choice(["", "T04:05:06", " 04:05:06+02:00"]),
        "flag": lambda: r.choice(["true", "False", "1", "0", "yes", "no"]),
        "text é": lambda: "w" * r.randrange(1, 60),
    }
    columns = [c for c in makers if r.random() < 0.9] or ["id"]
    rows = [{c: v(makers[c]) for c in columns} for _ in range(size)]
    schema = {"columns": [
        {"name": "id", "type": "integer", "required": True, "unique": r.random() < 0.5},
        {"name": "amount", "type": "float", "min": 50, "max": 140, "required": r.random() < 0.5},
        {"name": "total", "type": "string", "pattern": "text", "required": r.random() < 0.5},
        {"name": "born", "type": r.choice(["date", "datetime"]), "min": "1960-01-01", "max": "2020-12-31"},
        {"name": "flag", "type": "boolean"}, {"name": "gone", "type": "string", "required": r.random() < 0.3}],
        "unique_keys": [["born", "flag"], "id"] if r.random() < 0.5 else []}
    points, deductions = score(schema, columns, rows)
    return {"schema": schema, "rows": rows, "score": points, "deductions": deductions, "profile": profile(columns, rows)}


if __name__ == "__main__":
    print("[\n" + ",\n".join(json.dumps(case(seed), ensure_ascii=False) for seed in range(24)) + "\n]")
