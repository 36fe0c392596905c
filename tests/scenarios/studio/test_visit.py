"""A visit in Chromium: clicked through on a desk, with the keyboard alone on a phone, and from another name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("dash", reason="the extra 'studio' is not installed")

from chains import load
from chains.writing import convert
from optimize import optimize
from scenarios.studio.serving import Studio
from scenarios.terminal.figures import percent
from tests.scenarios.report.browser import CHROMIUM

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, Page, expect  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

PATIENCE = 60_000
"""Milliseconds that an answer may take on a machine that does much else."""
expect.set_options(timeout=PATIENCE)
_OVERFLOWING = """() => [...document.querySelectorAll("body *")]
  .filter((one) => !one.closest(".scroll, .js-plotly-plot, .ag-root-wrapper, .unseen, .skip"))
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 120))"""
_CUT = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap((chart) => {
  const room = chart.getBoundingClientRect();
  return [...chart.querySelectorAll("svg.main-svg text")]
    .map((text) => [text.getBoundingClientRect(), text.textContent])
    .filter(([box]) => box.width > 0 && (box.left < room.left - 2 || box.right > room.right + 2))
    .map(([, words]) => words);
})"""
_UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden]):not([type=file]), button, select")]
  .filter((one) => one.checkVisibility() && !one.closest(".ag-root-wrapper"))
  .filter((one) => !one.labels?.length && !one.textContent.trim() && !one.ariaLabel)
  .map((one) => one.outerHTML.slice(0, 160))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        names = "--host-resolver-rules=MAP studio.example 127.0.0.1"
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", names])
        yield browser
        browser.close()


def opened(browser: Browser, studio: Studio, width: int) -> tuple[Page, list[str]]:
    """The studio in a window of a width in px, and what goes wrong in it."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(request.url) if "127.0.0.1" not in request.url else None)
    page.goto(studio.guard.address)
    assert page.url == f"http://127.0.0.1:{studio.port}/"
    expect(page.locator("#sentence")).to_contain_text("lowers risk", timeout=PATIENCE)
    expect(page.locator("#money .main-svg").first).to_be_visible(timeout=PATIENCE)
    return page, wrong


def test_a_visit_with_the_mouse_on_a_desk(browser: Browser, studio: Studio, tmp_path: Path) -> None:
    page, wrong = opened(browser, studio, 1280)
    sentence = page.locator("#sentence")
    chain = load(studio.place.source(studio.sessions._start.packages[0]))
    page.get_by_label("Budget (RMB billion)", exact=True).fill("2")
    page.keyboard.press("Enter")
    expect(sentence).to_contain_text(
        f"with a budget of 2.00 RMB billion risk is at least {percent(optimize(chain, budget=2.0).risk)}"
    )
    page.get_by_role("button", name="Keep this state").click()
    page.get_by_role("checkbox", name="stocks").check()
    least = percent(optimize(chain, budget=2.0, levers="capacity,stocks").risk)
    expect(sentence).to_contain_text(f"risk is at least {least}")
    expect(page.locator("#compared")).to_contain_text("money may buy capacity, stocks")
    page.get_by_label("Country").select_option("Japan")
    expect(sentence).to_contain_text("Japan cut off for 12 months")
    page.get_by_role("button", name="Undo").click()
    expect(sentence).to_contain_text(f"risk is at least {least}")

    page.locator("#table-place select").select_option("small: demand")
    cell = page.locator("#grid [row-index='1'] [col-id='value']")
    expect(cell).to_have_text("40")
    cell.dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.type("forty")
    page.keyboard.press("Enter")
    expect(page.locator("#table-problems")).to_contain_text("small/demand.csv:3:value: 'forty' is not a number")
    expect(page.locator("#grid .wrong-cell")).to_have_text("forty")
    expect(sentence).to_have_text("No answer.")
    page.get_by_role("button", name="Undo").click()
    expect(sentence).to_contain_text(f"risk is at least {least}")

    convert(studio.place.source(studio.sessions._start.packages[0]), tmp_path / "mine.zip")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload a package").click()
    chooser.value.set_files(tmp_path / "mine.zip")
    expect(sentence).to_contain_text("mine: reallocating the observed budget of 3.00 RMB billion")
    chosen = page.locator("#packages input:checked")
    expect(chosen).to_have_value("upload:mine")
    page.get_by_role("button", name="Undo").click()
    expect(chosen).to_have_value("small")
    expect(sentence).to_contain_text(f"risk is at least {least}")
    page.get_by_role("button", name="Redo").click()
    expect(chosen).to_have_value("upload:mine")

    page.get_by_label("Name").fill("visited")
    page.get_by_role("button", name="Save as a study").click()
    expect(page.locator("#saved")).to_contain_text("tierwise study")
    assert (studio.place.folder / "visited" / "study.toml").is_file()
    assert page.evaluate(_OVERFLOWING) == []
    assert page.evaluate(_CUT) == []
    assert page.evaluate(_UNNAMED) == []
    assert wrong == []


def test_a_visit_with_the_keyboard_alone_on_a_phone(browser: Browser, studio: Studio) -> None:
    page, wrong = opened(browser, studio, 390)

    def tab_to(name: str, most: int = 60) -> None:
        for _ in range(most):
            page.keyboard.press("Tab")
            said = page.evaluate(
                "(({labels, textContent, ariaLabel}) => (labels?.[0]?.textContent || textContent || ariaLabel))"
                "(document.activeElement)"
            )
            if said and name in said:
                return
        pytest.fail(f"{name} is not reached by the keyboard")

    tab_to("Budget")
    page.keyboard.type("1.5")
    tab_to("Budget")  # the slider beside it: leaving the field counts as entering it
    expect(page.locator("#sentence")).to_contain_text("with a budget of 1.50 RMB billion")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#sentence")).not_to_contain_text("with a budget of 1.50 RMB billion")
    tab_to("stocks")
    page.keyboard.press("Space")
    expect(page.locator("#sentence")).to_contain_text("through capacity and stocks")
    tab_to("Country")
    page.keyboard.type("Jap")
    expect(page.locator("#sentence")).to_contain_text("cut off for 12 months")
    tab_to("Probabilities")
    page.keyboard.press("Enter")
    tab_to("Quake")
    page.keyboard.type("3")
    tab_to("Keep this state")
    page.keyboard.press("Enter")
    expect(page.locator("#compared")).to_contain_text("The state that is kept is what you see")
    tab_to("small: segments")
    page.keyboard.type("small: demand")
    cells = page.locator("#grid [row-index='0'] [col-id='value']")
    expect(cells).to_have_text("60")
    for key in ("Tab", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "Enter", "Control+a"):
        page.keyboard.press(key)
    page.keyboard.type("59")
    page.keyboard.press("Enter")
    expect(page.locator("#moved")).to_contain_text("Edited or uploaded: small")
    expect(cells).to_have_text("59")
    assert page.evaluate("document.activeElement.getAttribute('col-id')") == "value"
    assert page.evaluate(_OVERFLOWING) == []
    assert page.evaluate(_CUT) == []
    assert page.evaluate("[document.documentElement.scrollWidth, innerWidth]") == [390, 390]
    assert wrong == []


def test_from_another_name_of_the_host_it_does_not_open(browser: Browser, studio: Studio) -> None:
    page = browser.new_page()
    answer = page.goto(studio.guard.address.replace("127.0.0.1", "studio.example"))
    assert answer is not None
    assert answer.status == 403
    assert page.inner_text("body").startswith("This studio is asked as 127.0.0.1")
    assert page.context.cookies() == []
