#!/usr/bin/env python3
"""Reads and lays out a versioned data set in a folder, from the facts of shared/reference/series.md alone; no import of ours.

  series-reader.py read  <folder> <dataset>   checks the layout, prints the projections as <series>|<obs_time>|<value>
  series-reader.py write <folder> <dataset>   lays out two versions, of which one was never projected
"""
import json, re, sys
from datetime import datetime
from pathlib import Path

FIELDS = ["obs_time", "internal_series_code", "value", "unit", "frequency", "collection_date"]


def fail(why):
    sys.exit("series-reader: " + why)


def points(file):
    text = file.read_text(encoding="utf-8")
    rows = json.loads(text)
    if json.dumps(rows, indent=2, ensure_ascii=False) != text:
        fail(f"{file}: must be an array, indent 2, UTF-8 unescaped")
    for row in rows:
        if list(row) != FIELDS:
            fail(f"{file}: keys must be {FIELDS}, got {list(row)}")
        if not isinstance(row["value"], (int, float)):
            fail(f"{file}: value must be a number, got {row['value']!r}")
        at = datetime.fromisoformat(row["obs_time"])
        partition = f"{row['internal_series_code']}/year={at.year:04}/month={at.month:02}"
        if not str(file.parent).endswith("/" + partition):
            fail(f"{file}: holds a point of {partition}")
    return rows


def check(condition, why):
    if not condition:
        fail(why)


def read(root):
    version = (root / "index/current_version.txt").read_text().strip()
    check(re.fullmatch(r"v\d{8}_\d{6}_\d{6}", version), f"version id {version}")
    manifest = json.loads((root / f"versions/{version}/manifest.json").read_text(encoding="utf-8"))
    check(manifest["version_id"] == version and manifest["dataset_id"] == root.name, "manifest names another version")
    delta = [row for path in manifest["json_files"] for row in points(root / f"versions/{version}/data" / path)]
    check(manifest["data_points_count"] == len(delta), "data_points_count")
    check(manifest["series_codes"] == sorted({row["internal_series_code"] for row in delta}), "series_codes")
    check(manifest["series_count"] == len(manifest["series_codes"]), "series_count")
    check(manifest["partitions"] == sorted(p[: p.rindex("/") + 1] for p in manifest["json_files"]), "partitions")
    check(manifest["partition_strategy"] == "series_year_month", "partition_strategy")
    for name in ("created_at", "collection_date"):
        datetime.strptime(manifest[name], "%Y-%m-%dT%H:%M:%SZ")
    if delta:
        times = sorted(datetime.fromisoformat(row["obs_time"]) for row in delta)
        for name, at in (("min_obs_time", times[0]), ("max_obs_time", times[-1])):
            told = datetime.fromisoformat(manifest["date_range"][name].replace("Z", "+00:00"))
            check(told == at.replace(microsecond=0), f"date_range.{name} {told} {at}")
    projected = json.loads((root / "projections/manifest.json").read_text())
    check(projected["projected_versions"][-1] == version == projected["last_projected_version"], "projected_versions")
    datetime.strptime(projected["last_projection_date"], "%Y-%m-%dT%H:%M:%SZ")
    lines = []
    for file in (root / "projections").rglob("data.json"):
        lines += [f"{r['internal_series_code']}|{r['obs_time']}|{r['value']}" for r in points(file)]
    print("\n".join(sorted(lines)))


def dump(file, value):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, indent=2, ensure_ascii=False), encoding="utf-8")


def version(root, name, rows):
    paths = {}
    for row in rows:
        at = datetime.fromisoformat(row["obs_time"])
        path = f"{row['internal_series_code']}/year={at.year}/month={at.month:02}/data.json"
        paths.setdefault(path, []).append(row)
    for path, some in paths.items():
        dump(root / f"versions/{name}/data" / path, some)
    times = sorted(row["obs_time"][:19] + "Z" for row in rows)
    codes = sorted({row["internal_series_code"] for row in rows})
    dump(root / f"versions/{name}/manifest.json", {
        "version_id": name, "dataset_id": root.name, "created_at": "2031-03-05T09:10:12Z",
        "collection_date": "2031-03-05T09:10:11Z", "data_points_count": len(rows), "series_count": len(codes),
        "series_codes": codes, "date_range": {"min_obs_time": times[0], "max_obs_time": times[-1]},
        "json_files": list(paths), "partitions": sorted(p[: p.rindex("/") + 1] for p in paths),
        "partition_strategy": "series_year_month"})
    (root / "index").mkdir(exist_ok=True)
    (root / "index/current_version.txt").write_text(name)
    return paths


def point(code, day, value):
    return {"obs_time": f"2031-03-{day:02}T00:00:00-03:00", "internal_series_code": code, "value": value,
            "unit": "pct_TNA", "frequency": "D", "collection_date": "2031-03-05T09:10:11.000123+00:00"}


def write(root):
    first = "v20310305_091012_000007"
    for path, rows in version(root, first, [point("XX_RATE_D", 3, 1.5), point("XX_RATE_D", 4, 2.5), point("YY", 4, 3.0)]).items():
        dump(root / "projections" / path, rows)
    dump(root / "projections/manifest.json", {"projected_versions": [first], "last_projection_date": "2031-03-05T09:10:20Z",
                                              "last_projected_version": first})
    version(root, "v20310306_091012_000007", [point("XX_RATE_D", 5, 4.5)])


if len(sys.argv) != 4 or sys.argv[1] not in ("read", "write"):
    sys.exit(__doc__)
{"read": read, "write": write}[sys.argv[1]](Path(sys.argv[2]) / "datasets" / sys.argv[3])
