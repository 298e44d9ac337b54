#!/usr/bin/env python3
"""Makes samples/lake: a bronze of ours with three agencies, CSV, JSON lines and a workbook, 5 % bad rows and one wholly wrong file."""
import json, pathlib, random, zipfile

ROOT = pathlib.Path(__file__).parent / "bronze" / "agency"
random.seed(27)
FIRST = ["Ada", "Bo", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hal"]
LAST = ["Ash", "Birch", "Cedar", "Elm", "Fir", "Oak", "Pine", "Yew"]


def rows(begin, n):
    for i in range(begin, begin + n):
        row = [str(i), f"{random.choice(FIRST)} {random.choice(LAST)}", random.choice(["active", "leave", "left"]),
               f"20{i % 30:02d}-0{i % 9 + 1}-1{i % 9}", str(20 + i % 20), f"000-00-{i:04d}"]
        if i % 20 == 7:  # 5 %
            at, value = [(2, "retired"), (3, "2031-02-30"), (4, "99"), (1, "n/a")][i // 20 % 4]
            row[at] = value
        yield row


def file(agency, day, hour, name):
    path = ROOT / agency / "files" / "staff" / day / hour / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def csv(path, header, lines):
    path.write_text("\n".join([header] + [",".join(line) for line in lines]) + "\n")


def xlsx(path, header, lines):
    def cell(text):
        return f'<c t="inlineStr"><is><t>{text}</t></is></c>'

    sheet = "".join(f"<row>{''.join(map(cell, line))}</row>" for line in [header] + list(lines))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pack = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{pack}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{pack}/relationships"><Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="staff" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{pack}/relationships"><Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(zipfile.ZipInfo(name, (2031, 2, 3, 0, 0, 0)), '<?xml version="1.0" encoding="UTF-8"?>' + text)


csv(file("agency-10", "2031-02-03", "04", "data.csv"), "employee_id,full_name,status,hired,weekly_hours,ssn", rows(1, 60))
csv(file("agency-10", "2031-02-04", "04", "data.csv"), "badge,Name,Status,hire_date,weekly_hours,ssn", rows(41, 40))
# nothing in it is of its columns' types
csv(file("agency-10", "2031-02-05", "04", "data.csv"), "employee_id,full_name,status,hired,weekly_hours,ssn",
    ([f"x{i}", "", "?", "soon", "many", ""] for i in range(30)))
with file("agency-20", "2031-02-03", "04", "data.json").open("w") as out:
    for r in rows(1, 40):
        out.write(json.dumps(dict(zip(["employee_id", "display_name", "status", "hired", "weekly_hours", "ssn"],
                                      [int(r[0]), r[1], r[2], r[3], float(r[4]), r[5]]))) + "\n")
xlsx(file("agency-30", "2031-02-03", "04", "data.xlsx"), ["Emp No", "Full_Name", "STATUS", "Hired", "Weekly_Hours", "SSN"], rows(1, 40))
