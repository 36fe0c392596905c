"""China's customs statistics: exports of the query page written by hand, with their traps."""

from pathlib import Path

import pytest

from chains import InputError, load
from chains.importing import Imported, import_set
from chains.importing.chinese_names import partner_of
from optimize import optimize
from tests.chains.importing.given import supply_of

HEADER = "数据年月,商品编码,商品名称,贸易伙伴编码,贸易伙伴名称,第一数量,第一计量单位,第二数量,第二计量单位,美元"
GOODS = "segment,code,tier\nrobots,847950,downstream\nreducers,84834090,upstream\n"
ROWS = [
    '202301,84795090,多功能工业机器人,116,日本,"1,200",台,"30,000",千克,"6,000,000"',
    '202302,84795090,多功能工业机器人,116,日本,400,台,0,千克,"2,000,000"',
    "202301,84795010,协作机器人,304,德国,10,台,0,千克,1000000",
    "202301,84795090,多功能工业机器人,143,台澎金马关税区,10,台,0,千克,500000",
    "202301,84795090,多功能工业机器人,199,亚洲其他国家(地区),10,台,0,千克,500000",
    "202301,84795090,多功能工业机器人,142,中国,10,台,0,千克,300000",
    "202301,84834090,其他减速器,116,日本,10,台,0,千克,4000000",
    "202301,84834090,其他减速器,133,韩国,10,台,0,千克,0",
    "202301,84834010,滚子螺杆传动装置,116,日本,10,台,0,千克,90000000",  # another good of the heading
    "202301,84834090,其他减速器,116,日本,10,台,0,千克,4000000",  # twice the same
]


def written(file: Path, rows: list[str], *, header: str = HEADER, encoding: str = "gb18030", end: str = ",") -> Path:
    file.write_bytes("".join(f"{line}{end}\r\n" for line in [header, *rows]).encode(encoding))
    return file


def imported(source: Path, **options: object) -> Imported:
    goods = source.parent / "goods.txt"
    goods.write_text(GOODS, "utf-8")
    chosen: dict[str, object] = {"home": "CHN", "products": str(goods)} | options
    return import_set("customs-cn", source, source.parent / "out", **chosen)  # type: ignore[arg-type]


EXPECTED = {
    ("robots", "JPN"): 0.008,  # two months
    ("robots", "DEU"): 0.001,
    ("robots", "TWN"): 0.0005,
    ("robots", "ROW"): 0.0005,
    ("reducers", "JPN"): 0.004,
}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_imports_by_partner_whatever_the_encoding(tmp_path: Path, encoding: str) -> None:
    told = imported(written(tmp_path / "下载数据.csv", ROWS, encoding=encoding))
    assert supply_of(tmp_path / "out", "customs_cn") == {key: pytest.approx(value) for key, value in EXPECTED.items()}
    assert (told.meta.currency, told.meta.year) == ("USD", 2023)
    said = "\n".join(told.said)
    assert "2023: 2 months alone (01, 02), added up: amounts are not those of a year" in said
    assert "1 rows repeat another in every column and are not counted again" in said
    assert "1 rows have a value of 0" in said
    assert "USD 0.0003 billion imported from CHN itself (goods that came back) is left out" in said
    assert "partner 亚洲其他国家(地区) is no single country: in ROW" in said
    assert "the files do not say whether they are of imports or of exports: they are read as imports" in said
    chain = load(tmp_path / "out")
    assert chain.warnings == ()
    assert 0 < optimize(chain).optimal.risk < optimize(chain).observed.risk


def test_money_in_yuan_directions_and_sums_of_partners(tmp_path: Path) -> None:
    header = "进出口类型,数据年月,商品编码,贸易伙伴名称,贸易方式名称,人民币"
    rows = [
        "进口,202312,84795090,日本,一般贸易,5000000",
        "进口,202312,84795090,日本,进料加工贸易,1000000",
        "出口,202312,84795090,日本,一般贸易,9000000",
        "进口,202312,84795090,合计,一般贸易,7000000",
    ]
    told = imported(written(tmp_path / "a.csv", rows, header=header, end=""))
    assert supply_of(tmp_path / "out", "customs_cn") == {("robots", "JPN"): pytest.approx(0.006)}
    assert (told.meta.currency, told.meta.unit) == ("CNY", "CNY billion per year")
    assert "1 rows are of exports and left out" in told.said
    assert "1 rows are sums over partners and left out" in told.said
    assert "reducers is left out: no imports in 2023" in told.said


def test_a_good_as_a_whole_is_not_counted_again_by_its_parts(tmp_path: Path) -> None:
    rows = [
        "202301,847950,工业机器人,116,日本,1,台,0,千克,9000000",
        "202301,84795090,多功能工业机器人,116,日本,1,台,0,千克,6000000",
    ]
    told = imported(written(tmp_path / "a.csv", rows))
    assert supply_of(tmp_path / "out", "customs_cn") == {("robots", "JPN"): pytest.approx(0.009)}
    assert "84795090 are parts of goods that stand as a whole, and not counted again" in told.said


def test_names_of_partners_in_chinese_and_english() -> None:
    named = {
        **{
            "美国": "USA",
            "韩国": "KOR",
            "俄罗斯联邦": "RUS",
            "英国": "GBR",
            "荷兰": "NLD",
            "越南": "VNM",
            "捷克": "CZE",
        },
        **{
            "中国香港": "HKG",
            "中国台湾": "TWN",
            "柬埔寨": "KHM",
            "刚果（金）": "COD",
            "老挝": "LAO",
            "孟加拉国": "BGD",
        },
        **{"Korea": "KOR", "Russia": "RUS", "United States": "USA", "UK": "GBR", "JPN": "JPN", "国别不详的": "ROW"},
        **{"几内亚": "GIN", "几内亚比绍": "GNB", "巴布亚新几内亚": "PNG", "亚特兰蒂斯": None},
    }
    assert {name: partner_of(name) for name in named} == named


def test_every_problem_is_told_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    rows = [
        "2023Q1,84795090,机器人,116,日本,1,台,0,千克,1",
        "202301,84795090,机器人,116,亚特兰蒂斯,1,台,0,千克,many",
        "202301,84795090,机器人,304,德国,1,台,0,千克,5",
        "202301,84795090,机器人,304,德国,1,台,0,千克,6",
        "202301,84795090,机器人,304",
    ]
    written(folder / "a.csv", rows, end="")
    written(
        folder / "b.csv", [], header="数据年月,商品编码,商品名称,贸易伙伴编码,贸易伙伴名称,贸易方式名称,人民币", end=""
    )
    written(folder / "c.csv", [], header="月份,商品编码,贸易伙伴名称,美元", end="")
    with pytest.raises(InputError) as caught:
        imported(folder)
    assert [str(problem).split(";")[0] for problem in caught.value.problems] == [
        "a.csv:2:数据年月: '2023Q1' is not a month",
        "a.csv:3:美元: 'many' is not a value in USD",
        "a.csv:3:贸易伙伴名称: '亚特兰蒂斯' is no country that is known here",
        "a.csv:5:美元: '6' stands otherwise in a.csv row 4",
        "a.csv:6:: has 4 cells, the header 10",
        "b.csv:1:人民币: is in CNY, a.csv in USD",
        "b.csv:1:贸易方式名称: is broken down otherwise than a.csv: 贸易方式名称",
        "c.csv:1:数据年月: the column is missing",
    ]
    assert not (tmp_path / "out").exists()
    with pytest.raises(InputError, match=r"option --home: 'DEU' has no rows: these are China's statistics"):
        imported(folder, home="DEU")
