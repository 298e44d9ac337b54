#!/usr/bin/env python3
"""Files that other programs write, in their variants, and corpus.json: what the same libraries read back of each, cell by cell.

  corpus.py <folder>

A cell is null, or its kind and value in one text, in lists and maps too: n:12.5 (a number without zeros at its end), s:text, b:true, d:2024-02-29,
l:2024-02-29T13:05:07 (without zone), i:2024-02-29T13:05:07Z, x:00ff. In a CSV all are texts, and an empty one is null, as libraries differ on that.
"""
import datetime as dt, decimal, json, sys
from pathlib import Path

import duckdb, openpyxl, pandas as pd, polars as pl, pyarrow as pa, pyarrow.csv as pacsv, pyarrow.parquet as pq, xlrd, xlsxwriter, xlwt

OUT = Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
entries = []
UTC = dt.timezone.utc

TEXTS = ["plain", "a,b;c\td|e", 'say "no"', "two\nlines", "007", " blanks ", "Zoë Straße €", "=1+1", "NULL", "'quoted'", "1e5", "日本語 😀"]
LATIN = ["plain", "a,b;c", 'say "no"', "007", "Zoë Straße €", "Müller"]


def number(value):
    value = decimal.Decimal(repr(value) if isinstance(value, float) else value)
    text = format(value, "f")
    return "n:" + (text.rstrip("0").rstrip(".") if "." in text else text).replace("-0", "0" if value == 0 else "-0")


def iso(time):
    text = time.strftime("%Y-%m-%dT%H:%M:%S")
    nanos = getattr(time, "nanosecond", 0) + time.microsecond * 1000
    return text + (("." + f"{nanos:09}".rstrip("0")) if nanos else "")


def cell(value):
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool):
        return "b:" + str(value).lower()
    if isinstance(value, (int, float, decimal.Decimal)):
        return number(value)
    if isinstance(value, str):
        return "s:" + value
    if isinstance(value, bytes):
        return "x:" + value.hex()
    if isinstance(value, dt.datetime):
        return "i:" + iso(value.astimezone(UTC)) + "Z" if value.tzinfo else "l:" + iso(value)
    if isinstance(value, dt.date):
        return "d:" + value.isoformat()
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"s:{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, list):
        return [cell(v) for v in value]
    if isinstance(value, dict):
        return {k: cell(v) for k, v in value.items()}
    raise TypeError(type(value))


def said(file, format, rows, **settings):
    """Rows are dicts of what the library read."""
    entries.append({"file": file, "format": format, "settings": settings, "rows": [{k: cell(v) for k, v in r.items()} for r in rows]})


def refused(file, format, word):
    entries.append({"file": file, "format": format, "settings": {}, "refused": word, "rows": []})


def texts(rows):
    return [{str(k): None if v is None or v == "" or v != v else v for k, v in row.items()} for row in rows]


def frame(some=TEXTS):
    return pd.DataFrame({"id": range(1, len(some) + 1), "t": some, "n": [i / 8 for i in range(len(some))],
                         "none": [None if i % 2 else "x" for i in range(len(some))]})


def csv_pandas():
    variants = {
        "plain": ({}, {}, {}), "semicolon": ({"sep": ";"}, {}, {"delimiter": ";"}), "tab": ({"sep": "\t"}, {}, {"delimiter": "tab"}),
        "bar": ({"sep": "|"}, {}, {"delimiter": "|"}), "crlf": ({"lineterminator": "\r\n"}, {}, {}), "all-quoted": ({"quoting": 1}, {}, {}),
        "texts-quoted": ({"quoting": 2}, {}, {}),
        "escaped": ({"doublequote": False, "escapechar": "\\"}, {"doublequote": False, "escapechar": "\\"}, {"escape": "\\"}),
        "bom": ({"encoding": "utf-8-sig"}, {"encoding": "utf-8-sig"}, {}), "utf16": ({"encoding": "utf-16"}, {"encoding": "utf-16"}, {}),
        "utf16le": ({"encoding": "utf-16-le"}, {"encoding": "utf-16-le"}, {"charset": "UTF-16LE"}),
        "utf32": ({"encoding": "utf-32"}, {"encoding": "utf-32"}, {}), "gzip": ({"compression": "gzip"}, {"compression": "gzip"}, {}),
    }
    for name, (write, read, settings) in variants.items():
        file = f"pandas-{name}.csv" + (".gz" if name == "gzip" else "")
        frame().to_csv(OUT / file, index=False, **write)
        back = pd.read_csv(OUT / file, sep=write.get("sep", ","), dtype=str, keep_default_na=False, **read)
        said(file, "csv", texts(back.to_dict("records")), **settings)
    for charset, python in {"windows-1252": "cp1252", "ISO-8859-15": "iso8859-15"}.items():
        frame(LATIN).to_csv(OUT / f"pandas-{python}.csv", index=False, encoding=python)
        back = pd.read_csv(OUT / f"pandas-{python}.csv", dtype=str, keep_default_na=False, encoding=python)
        said(f"pandas-{python}.csv", "csv", texts(back.to_dict("records")), charset=charset)
    frame().to_csv(OUT / "pandas-index.csv")
    back = pd.read_csv(OUT / "pandas-index.csv", dtype=str, keep_default_na=False, index_col=0)
    said("pandas-index.csv", "csv", texts(back.to_dict("records")), indexColumn="ignore")
    frame().to_csv(OUT / "pandas-headless.csv", index=False, header=False)
    names = ["id", "t", "n", "none"]
    back = pd.read_csv(OUT / "pandas-headless.csv", dtype=str, keep_default_na=False, header=None, names=names)
    said("pandas-headless.csv", "csv", texts(back.to_dict("records")), header="none", columns=",".join(names))


def csv_others():
    table = pa.Table.from_pandas(frame())
    strings = pacsv.ConvertOptions(column_types={n: pa.string() for n in table.column_names}, strings_can_be_null=True, null_values=[""])
    parse = pacsv.ParseOptions(newlines_in_values=True)
    pacsv.write_csv(table, OUT / "pyarrow.csv")
    said("pyarrow.csv", "csv", texts(pacsv.read_csv(OUT / "pyarrow.csv", convert_options=strings, parse_options=parse).to_pylist()))
    polars = pl.from_pandas(frame())
    for style in ["necessary", "always", "non_numeric"]:
        polars.write_csv(OUT / f"polars-{style}.csv", quote_style=style, include_bom=style == "always")
        said(f"polars-{style}.csv", "csv", texts(pl.read_csv(OUT / f"polars-{style}.csv", infer_schema=False).to_dicts()))
    duckdb.register("corpus", table)
    for name, options in {"plain": "", "quoted": ", force_quote *", "gzip": ", compression gzip"}.items():
        file = f"duckdb-{name}.csv" + (".gz" if name == "gzip" else "")
        duckdb.sql(f"copy corpus to '{OUT / file}' (format csv, header{options})")
        back = duckdb.sql(f"select * from read_csv('{OUT / file}', all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')")
        said(file, "csv", texts(back.to_arrow_table().to_pylist()))


def json_lines():
    rows = [{"id": i, "t": t, "n": i / 8, "list": [1, None, i], "map": {"a": t, "b": {"c": True}}} for i, t in enumerate(TEXTS, 1)]
    pd.DataFrame(rows).to_json(OUT / "pandas.jsonl", orient="records", lines=True)
    said("pandas.jsonl", "jsonl", pd.read_json(OUT / "pandas.jsonl", lines=True, dtype=False).to_dict("records"))
    pd.DataFrame(rows).to_json(OUT / "pandas.json", orient="records", force_ascii=False)
    said("pandas.json", "json", pd.read_json(OUT / "pandas.json", dtype=False).to_dict("records"))
    pl.DataFrame(rows).write_ndjson(OUT / "polars.jsonl")
    said("polars.jsonl", "jsonl", pl.read_ndjson(OUT / "polars.jsonl").to_dicts())
    duckdb.register("lines", pa.Table.from_pylist(rows))
    duckdb.sql(f"copy lines to '{OUT / 'duckdb.jsonl'}' (format json)")
    said("duckdb.jsonl", "jsonl", duckdb.sql(f"select * from read_json('{OUT / 'duckdb.jsonl'}')").to_arrow_table().to_pylist())


def table():
    size = 12
    moments = [dt.datetime(2024, 2, 29, 13, 5, 7, 123456) + dt.timedelta(days=i) for i in range(size)]
    gaps = lambda values: [v if i % 4 else None for i, v in enumerate(values)]
    return pa.table({
        "id": pa.array(range(1, size + 1), pa.int64()), "t": pa.array(gaps(TEXTS)), "big": pa.array(TEXTS, pa.large_string()),
        "i8": pa.array(gaps(range(-6, 6)), pa.int8()), "u32": pa.array([4294967295 - i for i in range(size)], pa.uint32()),
        "u64": pa.array([18446744073709551615 - i for i in range(size)], pa.uint64()),
        "d": pa.array(gaps([i / 3 for i in range(size)])), "b": pa.array(gaps([i % 2 == 0 for i in range(size)])),
        "dec": pa.array(gaps([decimal.Decimal(f"{i}.{i:04}") for i in range(size)]), pa.decimal128(30, 4)),
        "small": pa.array([decimal.Decimal(i).scaleb(-2) for i in range(size)], pa.decimal128(5, 2)),
        "day": pa.array(gaps([m.date() for m in moments])), "us": pa.array(gaps(moments), pa.timestamp("us")),
        "ms": pa.array([m.replace(microsecond=123000) for m in moments], pa.timestamp("ms")),
        "utc": pa.array([m.replace(tzinfo=UTC) for m in moments], pa.timestamp("us", "UTC")),
        "berlin": pa.array([m.replace(tzinfo=UTC) for m in moments], pa.timestamp("us", "Europe/Berlin")),
        "bin": pa.array([bytes([i, 255 - i]) for i in range(size)]), "fix": pa.array([bytes([i, 1]) for i in range(size)], pa.binary(2)),
        "cat": pa.array(TEXTS).dictionary_encode(),
        "list": pa.array(gaps([[i, None, i + 1] for i in range(size)]), pa.list_(pa.int32())),
        "map": pa.array(gaps([{"a": i, "s": {"x": str(i)}} for i in range(size)])),
    })


def parquet():
    variants = {c: {"compression": c} for c in ["none", "snappy", "gzip", "zstd", "lz4"]}
    variants |= {"v1": {"version": "1.0"}, "v24": {"version": "2.4"}, "v26": {"version": "2.6"}, "pages2": {"data_page_version": "2.0"},
                 "plain": {"use_dictionary": False}, "groups": {"row_group_size": 5}, "checksums": {"write_page_checksum": True},
                 "pages2-plain": {"data_page_version": "2.0", "use_dictionary": False, "compression": "none"},
                 "int96": {"use_deprecated_int96_timestamps": True}, "delta": {"use_dictionary": False, "column_encoding": {
                     "id": "DELTA_BINARY_PACKED", "t": "DELTA_BYTE_ARRAY", "big": "DELTA_LENGTH_BYTE_ARRAY", "d": "BYTE_STREAM_SPLIT"}},
                 "old-lists": {"use_compliant_nested_type": False}, "index": {"write_page_index": True}}
    for name, options in variants.items():
        data = table().drop_columns(["us", "ms"]) if name == "int96" else table()
        pq.write_table(data, OUT / f"pyarrow-{name}.parquet", **options)
        rows = pq.read_table(OUT / f"pyarrow-{name}.parquet").to_pylist()
        if name == "int96":  # says no zone; what its writers mean is UTC, which pyarrow leaves to the caller
            rows = [{k: v.replace(tzinfo=UTC) if k in ("utc", "berlin") else v for k, v in r.items()} for r in rows]
        said(f"pyarrow-{name}.parquet", "parquet", rows)
    pq.write_table(table(), OUT / "pyarrow-brotli.parquet", compression="brotli")
    refused("pyarrow-brotli.parquet", "parquet", "BROTLI")
    pq.write_table(table().slice(0, 0), OUT / "pyarrow-empty.parquet")
    said("pyarrow-empty.parquet", "parquet", [])
    frame().to_parquet(OUT / "pandas.parquet")
    said("pandas.parquet", "parquet", pq.read_table(OUT / "pandas.parquet").to_pylist())
    polars = pl.from_arrow(table().drop_columns(["cat"]))
    for codec in ["uncompressed", "snappy", "zstd", "lz4", "gzip"]:
        polars.write_parquet(OUT / f"polars-{codec}.parquet", compression=codec)
        said(f"polars-{codec}.parquet", "parquet", pl.read_parquet(OUT / f"polars-{codec}.parquet").to_dicts())
    duckdb.register("typed", table().drop_columns(["cat"]))
    for codec in ["uncompressed", "snappy", "zstd", "lz4_raw", "gzip"]:
        file = OUT / f"duckdb-{codec}.parquet"
        duckdb.sql(f"copy typed to '{file}' (format parquet, codec '{codec}')")
        said(file.name, "parquet", duckdb.sql(f"select * from '{file}'").to_arrow_table().to_pylist())


HEAD = ["id", "t", "n", "whole", "truth", "day", "moment", "took", "none"]


def sheet_rows():
    for i, t in enumerate(TEXTS, 1):
        t = "plus" if t == "=1+1" else t  # these libraries make a formula of it
        yield [i, t, i / 3, i * 10**9, i % 2 == 0, dt.date(2024, 2, i), dt.datetime(2024, 2, i, 13, 5, i), dt.timedelta(hours=20 + i, minutes=30), None]


def back(file):
    book = openpyxl.load_workbook(OUT / file, data_only=True)
    names, *rows = list(book.worksheets[0].iter_rows(values_only=True))
    days = names.index("day") if "day" in names else -1
    def shown(i, value):  # openpyxl has no days alone, the sheet shows them as such
        return value.date() if i == days and isinstance(value, dt.datetime) else value
    said(file, "xlsx", [{n: shown(i, v) for i, (n, v) in enumerate(zip(names, row))} for row in rows])


def workbooks():
    for only in [False, True]:
        book = openpyxl.Workbook(write_only=only)
        sheet = book.create_sheet("s") if only else book.active
        sheet.append(HEAD)
        for row in sheet_rows():
            sheet.append(row)
        if not only:
            for i in range(2, len(TEXTS) + 2):
                sheet.cell(i, 8).number_format = "[h]:mm:ss"
        book.save(OUT / f"openpyxl-{'streamed' if only else 'plain'}.xlsx")
        back(f"openpyxl-{'streamed' if only else 'plain'}.xlsx")
    for name, options in {"plain": {}, "inline": {"constant_memory": True}, "1904": {"date_1904": True}, "large": {"use_zip64": True}}.items():
        book = xlsxwriter.Workbook(OUT / f"xlsxwriter-{name}.xlsx", options)
        forms = {5: book.add_format({"num_format": "yyyy-mm-dd"}), 6: book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}),
                 7: book.add_format({"num_format": "[h]:mm:ss"})}
        sheet = book.add_worksheet("s")
        sheet.write_row(0, 0, HEAD)
        for r, row in enumerate(sheet_rows(), 1):
            for c, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(r, c, value)
                else:
                    sheet.write(r, c, value, forms.get(c))
        book.close()
        back(f"xlsxwriter-{name}.xlsx")
    plain = pd.DataFrame(list(sheet_rows()), columns=HEAD).drop(columns=["took"])
    for engine in ["openpyxl", "xlsxwriter"]:
        plain.to_excel(OUT / f"pandas-{engine}.xlsx", index=False, engine=engine)
        back(f"pandas-{engine}.xlsx")
    pl.from_pandas(plain.drop(columns=["none"])).write_excel(OUT / "polars.xlsx")
    back("polars.xlsx")


def old_workbooks():
    for name, since1904 in {"xlwt": False, "xlwt-1904": True}.items():
        book = xlwt.Workbook()
        book.dates_1904 = since1904
        sheet = book.add_sheet("s")
        forms = {5: "yyyy-mm-dd", 6: "dd/mm/yyyy hh:mm:ss", 7: "[h]:mm:ss"}
        styles = {c: xlwt.easyxf(num_format_str=f) for c, f in forms.items()}
        for c, head in enumerate(HEAD):
            sheet.write(0, c, head)
        for r, row in enumerate(sheet_rows(), 1):
            for c, value in enumerate(row):
                days = value.total_seconds() / 86400 if isinstance(value, dt.timedelta) else value
                sheet.write(r, c, days, styles.get(c, xlwt.Style.default_style))
        book.save(str(OUT / f"{name}.xls"))
        read = xlrd.open_workbook(OUT / f"{name}.xls")
        sheet = read.sheet_by_index(0)
        rows = []
        for r in range(1, sheet.nrows):
            row = {head: None for head in HEAD[:sheet.ncols]}
            for c, found in enumerate(sheet.row(r)):
                value = found.value
                if found.ctype == xlrd.XL_CELL_BOOLEAN:
                    value = bool(value)
                elif HEAD[c] == "took":
                    value = dt.timedelta(days=value)
                elif found.ctype == xlrd.XL_CELL_DATE:
                    value = xlrd.xldate_as_datetime(value, read.datemode)
                    value = value.date() if HEAD[c] == "day" else value
                row[HEAD[c]] = None if found.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else value
            rows.append(row)
        said(f"{name}.xls", "xls", rows)


for part in [csv_pandas, csv_others, json_lines, parquet, workbooks, old_workbooks]:
    part()
(OUT / "corpus.json").write_text(json.dumps(entries, ensure_ascii=False, indent=1), encoding="utf-8")
print(len(entries), "files")
