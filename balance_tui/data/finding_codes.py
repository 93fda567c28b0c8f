"""The sentences of `findings.py`: code → Chinese, English, and how to mend it where a person can."""

from __future__ import annotations

REJECTIONS: dict[str, tuple[str, ...]] = {
    "READ-NO-FILE": (
        "找不到 {name}",
        "{name} does not exist",
        "请核对路径",
        "check the path",
    ),
    "READ-NO-TABLES": (
        "{name} 中没有可读的表",
        "{name} holds no table that can be read",
        "请给出 csv、xlsx 或 parquet 文件",
        "give csv, xlsx or parquet files",
    ),
    "READ-ACCESS": (
        "无法读取:{reason}",
        "cannot be read: {reason}",
        "请核对文件权限",
        "check the permissions of the file",
    ),
    "READ-KIND": (
        "不是普通文件",
        "is not a regular file",
        "请给出 csv、xlsx 或 parquet 文件",
        "give a csv, xlsx or parquet file",
    ),
    "READ-EMPTY": ("文件是空的", "the file is empty"),
    "READ-NO-ROWS": ("没有一张表含有学校数据行", "no table holds a row of a school"),
    "READ-EXTENSION": (
        "扩展名是 {suffix},内容却是 {kind}",
        "the name ends in {suffix} but the content is {kind}",
        "请改正扩展名或重新导出",
        "rename the file or export it again",
    ),
    "READ-OLD-XLS": (
        "这是旧的 .xls 格式",
        "this is the old .xls format",
        "请在表格软件中另存为 .xlsx",
        "save it as .xlsx in a spreadsheet program",
    ),
    "READ-PASSWORD": (
        "工作簿设有密码",
        "the workbook is protected by a password",
        "请取消密码后另存",
        "save it without the password",
    ),
    "READ-BROKEN": (
        "文件已损坏或不完整:{reason}",
        "the file is damaged or incomplete: {reason}",
        "请重新导出",
        "export it again",
    ),
    "READ-TOO-LARGE": (
        "解开后有 {size} MB,超过上限 {limit} MB",
        "unpacks to {size} MB, the limit is {limit} MB",
        "请核对文件来源,或拆分后导入",
        "check where the file comes from, or split it",
    ),
    "READ-TOO-MANY-COLUMNS": ("有 {count} 列,上限 {limit} 列", "has {count} columns, the limit is {limit}"),
    "READ-TOO-MANY-ROWS": (
        "有 {count} 行,上限 {limit} 行",
        "has {count} rows, the limit is {limit}",
        "请改用 csv 或 parquet",
        "use csv or parquet instead",
    ),
    "READ-TOO-MANY-CELLS": (
        "工作表范围 {rows} 行 × {columns} 列过大",
        "the sheet's extent of {rows} rows × {columns} columns is too large",
        "请删去表外的单元格,或改用 csv、parquet",
        "delete cells far outside the table, or use csv or parquet",
    ),
    "READ-ENCODING": (
        "第 {offset} 字节起既不是 UTF-8 也不是 GB18030",
        "from byte {offset} on it is neither UTF-8 nor GB18030",
        "请另存为 UTF-8",
        "save it as UTF-8",
    ),
    "READ-NUL": (
        "第 {offset} 字节是空字符,不是文本表",
        "byte {offset} is NUL: this is not a text table",
        "请重新导出",
        "export it again",
    ),
    "READ-CSV": (
        "不是完整的 csv:{reason}",
        "is not a sound csv: {reason}",
        "请检查引号和换行",
        "check quotes and line ends",
    ),
    "READ-RAGGED": (
        "该行有 {count} 格,表头只有 {width} 格",
        "the row has {count} cells, the header has {width}",
        "请检查该行的分隔符",
        "check the delimiters of that row",
    ),
    "READ-SHORT": (
        "该行只有 {count} 格,表头有 {width} 格:行被截断或缺了分隔符",
        "the row has {count} cells, the header {width}: it is cut off or lacks a delimiter",
        "请重新导出,空格也须保留分隔符",
        "export it again; a blank cell too needs its delimiter",
    ),
    "READ-HEADER": (
        "没有认出表头",
        "no header row was recognised",
        "请在映射文件的 sheets 里写明 header_rows",
        "state header_rows under sheets in a mapping file",
    ),
    "READ-NO-SCHOOLS": (
        "没有一张表能认作学校表;读到的表头:{headers}",
        "no table could be read as one of schools; headers seen: {headers}",
        "请用 map propose 建立映射",
        "make a mapping with map propose",
    ),
    "READ-NO-FACTS": (
        "没有认出所需的表;读到的表头:{headers}",
        "holds no table of the kind asked for; headers seen: {headers}",
        "请核对表头",
        "check the headers",
    ),
    "MAP-PROPOSAL": (
        "标准所需的数据可能在未认出的列里:{columns};建议已写入 {path}",
        "unrecognised columns may hold what the standard needs: {columns}; a proposal is in {path}",
        "核对后用 --mapping 传入",
        "correct it and pass it with --mapping",
    ),
    "MAP-TWICE": (
        "{first} 与 {second} 都对应 {field}",
        "{first} and {second} both claim {field}",
        "请在映射文件里忽略其中一列",
        "ignore one of them in a mapping file",
    ),
    "MAP-STAGE": (
        "没有说明学段",
        "does not tell the stage",
        "请在文件名或表名里写小学、初中或高中,或加学段列,或在映射里写 constant.stage",
        "name the file or sheet 小学, 初中 or 高中, add a stage column, or set constant.stage in a mapping",
    ),
    "READ-STAGE-UNKNOWN": (
        "该行的学段“{value}”不明",
        "the stage “{value}” of the row is unknown",
        "请写小学、初中或高中",
        "write 小学, 初中 or 高中",
    ),
    "MAP-FILE": (
        "映射文件不能用:{reason}",
        "the mapping file cannot be used: {reason}",
        "请改正后重试",
        "correct it and try again",
    ),
    "MAP-FIELD": (
        "映射里的 {name} 不是数据项{hint}",
        "{name} in the mapping is not a field{hint}",
        "请用数据字典里的代码",
        "use a code of the data dictionary",
    ),
    "MAP-COLUMN": (
        "映射里的列 {name} 在数据里不存在{hint}",
        "the mapping's column {name} is nowhere in the data{hint}",
        "请核对表头",
        "check the header",
    ),
    "MAP-UNIT": (
        "{field} 的单位是 {unit},不能由 {declared} 换算",
        "{field} is in {unit}; {declared} cannot be converted to it",
    ),
    "MAP-COUNTY": (
        "县级数据项 {field} 不能由映射给定",
        "the county fact {field} cannot be stated by a mapping",
        "请写进县级数据表",
        "write it into the county facts",
    ),
    "MAP-VALUE": (
        "映射里 {field} 的值 {value} 不能用",
        "the mapping's value {value} for {field} cannot be used",
    ),
}

ERRORS: dict[str, tuple[str, ...]] = {
    "NUM-TEXT": ("{label}:“{value}”不是数", "{label}: “{value}” is not a number"),
    "NUM-UNIT-OTHER": (
        "{label}:“{value}”带有别的单位,应为{unit}",
        "{label}: “{value}” has another unit than {unit}",
    ),
    "NUM-NEGATIVE": ("{label}:“{value}”是负数", "{label}: “{value}” is negative"),
    "NUM-FINITE": ("{label}:“{value}”不是有限的数", "{label}: “{value}” is not a finite number"),
    "NUM-RANGE": ("{label}:“{value}”超出可能的范围", "{label}: “{value}” is outside what is possible"),
    "NUM-WHOLE": ("{label}:“{value}”应为整数", "{label}: “{value}” should be a whole number"),
    "NUM-CODE": ("{label}:“{value}”不是已知的取值", "{label}: “{value}” is not a known value"),
    "NUM-BOOLEAN": ("{label}:“{value}”不是“是”或“否”", "{label}: “{value}” is neither yes nor no"),
    "NUM-CELL-ERROR": ("{label}:单元格是错误值 {value}", "{label}: the cell holds the error {value}"),
    "NUM-MORE": (
        "{label}:另有 {count} 格有同样的问题({example})",
        "{label}: {count} more cells like it ({example})",
    ),
    "READ-NO-NAME": ("该行有数据而没有学校名称", "the row has figures but no school name"),
    "READ-COUNTY-TABLE": ("县级数据表没有认出:{reason}", "the county facts were not understood: {reason}"),
    "JOIN-CAMPUS": (
        "不计校数的校区“{value}”没有写明主校",
        "campus “{value}”, not counted as a school, names no parent school",
    ),
    "JOIN-CAMPUS-PARENT": (
        "校区所属主校“{value}”不在数据里",
        "the parent school “{value}” is not in the data",
    ),
    "JOIN-AMBIGUOUS": (
        "“{value}”同名的学校有多个标识码,无法合并",
        "“{value}” is the name of schools with several ids; not joined",
    ),
    "JOIN-COUNTY": ("{table}里的“{value}”不在数据里{hint}", "“{value}” in {table} is not in the data{hint}"),
    "JOIN-COUNTY-AMBIGUOUS": (
        "{table}里的“{value}”对应数据里的多个县或多个年份",
        "“{value}” in {table} fits several counties or years of the data",
    ),
    "JOIN-COUNTY-TWICE": ("{table}里的“{value}”出现两次", "“{value}” stands twice in {table}"),
    "JOIN-SCHOOL": ("{table}里的学校“{value}”不在数据里", "school “{value}” in {table} is not in the data"),
    "JOIN-LIST": (
        "{table}有行归不到学校,本县不采用该表,改用汇总数",
        "rows of {table} belong to no known school: the list is not used for this county, the summary figures are",
    ),
    "JOIN-SCHOOL-MORE": (
        "{table}里另有 {count} 行的学校不在数据里(如“{value}”)",
        "{count} more rows in {table} are of schools not in the data (such as “{value}”)",
    ),
    "JUDGE-NO-ITEM": (
        "{table}里有 {count} 行没有写条目,未采用",
        "{count} rows of {table} name no item and were not used",
    ),
    "READ-DETAIL": ("{table}里有一行的{label}“{value}”不能用", "{table}: {label} “{value}” cannot be used"),
}

WARNINGS: dict[str, tuple[str, ...]] = {
    "NUM-UNIT": (
        "{label}:“{value}”带单位,已按数读入",
        "{label}: “{value}” carries its unit and was read as a number",
    ),
    "NUM-SENIOR": (
        "{label}:“{value}”不属于义务教育学校类型,只作高中部分读入",
        "{label}: “{value}” is no type of a compulsory school; read as senior only",
    ),
    "NUM-UNIT-MORE": (
        "{label}:另有 {count} 格带单位({example})",
        "{label}: {count} more cells with a unit ({example})",
    ),
    "READ-YEAR": ("年份 {value} 取自{source}", "the year {value} was taken from {source}"),
    "READ-COUNTY-NAME": (
        "没有县区列,县名“{value}”取自文件名",
        "no county column: “{value}” was taken from the file name",
    ),
    "READ-COUNTY-NONE": ("没有县区列,也无从得知县名", "no county column and no name to be had"),
    "READ-TOTAL": (
        "合计行的{label} {value} 与各校之和 {sum} 不符",
        "{label}: the total row says {value}, the schools sum to {sum}",
    ),
    "READ-TOTAL-ROW": ("合计行“{value}”未作为学校读入", "the total row “{value}” was not read as a school"),
    "READ-NOTE-ROW": (
        "该行只有说明文字,未读入:“{value}”",
        "the row holds only a note and was not read: “{value}”",
    ),
    "JUDGE-ITEM": (
        "{table}里有 {count} 行的条目不在任何标准里,未采用:{value}{hint}",
        "{count} rows of {table} answer items that no standard has and were not used: {value}{hint}",
    ),
    "READ-SHORT-ROW": (
        "该行只有 {count} 格,表头有 {width} 格,其余按空读入",
        "the row has {count} cells, the header {width}; the rest was read as blank",
    ),
    "READ-FORMULA": (
        "有 {count} 个公式没有算出的值,按空读入",
        "{count} formulas hold no computed value and were read as blank",
    ),
    "READ-MERGED": (
        "数据区合并了 {count} 处单元格({value}),只有左上一格有数,其余按空读入",
        "{count} merged ranges among the data ({value}): only the first cell of each holds the figure, "
        "the others were read as blank",
    ),
    "READ-LEVEL": (
        "县级数据项 {value} 在学校表里,未读入",
        "county-level field {value} stands in a table of schools and was not read",
    ),
    "READ-SHEET": ("工作表没有认作数据表,未读入", "the sheet was not recognised as data and was not read"),
    "READ-CODE": (
        "标识码“{value}”比其他短,开头的 0 可能丢失",
        "the school id “{value}” is shorter than the others: leading zeros may be lost",
    ),
    "READ-NO-ID": (
        "没有学校标识码,以县名加校名代替",
        "no school ids: county and school name stand in for them",
    ),
    "JOIN-NAME": ("按校名合并为一所学校:{value}", "joined as one school by name: {value}"),
    "JOIN-MANUAL": ("按映射合并:“{value}”→“{target}”", "joined by the mapping: “{value}” → “{target}”"),
    "JOIN-YEAR": (
        "{table}没有年份,取数据的 {value} 年",
        "{table} has no year: taken as {value}, the year of the data",
    ),
    "JOIN-COUNTY-ONE": (
        "{table}没有县名,取数据里唯一的县“{value}”",
        "{table} names no county: taken as “{value}”, the only one in the data",
    ),
    "JOIN-YEAR-OTHER": (
        "{table}的 {value} 年没有学校数据",
        "{table} holds {value}, a year without schools in the data",
    ),
    "BOOK-LAYOUT": (
        "按预设 {preset} 的单元格位置读取,请核对各数所在位置",
        "read by the cell positions of preset {preset}; check that each figure stands where it says",
    ),
    "BOOK-SHEET": (
        "教基表册里的学校类型“{value}”没有认出",
        "the school type “{value}” of the 教基 book was not recognised",
    ),
    "MAP-ABSENT": ("{label}按映射记为 0", "{label} is taken as 0 by the mapping"),
}
