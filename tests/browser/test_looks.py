"""Both directions, narrow screens, and what a merchant may not smuggle into a page."""

import pytest
from playwright.async_api import Page, expect

from sandbox.server import Running
from tests.browser.shop import Till

# Of each text with its background, by WCAG 2: the lowest ratio of all that is to be read.
LOWEST_CONTRAST = """() => {
  const channels = text => text.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(each => each / 255)
    .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, i) => sum + each * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const color = channels(getComputedStyle(each).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const ratios = [...document.querySelectorAll("body *")]
    .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .map(each => [light(channels(getComputedStyle(each).color)), light(behind(each))])
    .map(([a, b]) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  return Math.min(...ratios);
}"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def test_arabic_runs_from_right_to_left(page: Page, till: Till) -> None:
    payment = await till.checkout(language="ar")

    await page.goto(payment["checkout_url"])

    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(page.locator("html")).to_have_attribute("lang", "ar")
    await expect(page.locator("body")).to_have_css("direction", "rtl")
    await expect(page.get_by_role("button", name="ادفع 10.000 KWD")).to_be_visible()
    radio = await page.get_by_role("radio", name="KNET").bounding_box()
    label = await page.get_by_text("KNET", exact=True).bounding_box()
    assert radio is not None
    assert label is not None
    assert radio["x"] > label["x"]


async def test_the_language_can_be_switched(page: Page, till: Till) -> None:
    payment = await till.checkout(language="ar")

    await page.goto(payment["checkout_url"])
    await page.get_by_role("link", name="English").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Payment")
    await expect(page.locator("html")).to_have_attribute("dir", "ltr")


async def test_a_script_in_an_order_number_is_only_text(page: Page, till: Till) -> None:
    order_no = "<script>document.title = 'taken'</script><img src=x onerror=alert(1)>"
    payment = await till.checkout(order_no=order_no)

    await page.goto(payment["checkout_url"])

    await expect(page.get_by_text(order_no)).to_be_visible()
    await expect(page).to_have_title("Payment")


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_every_page_fits_a_narrow_screen_and_can_be_read(
    page: Page, till: Till, sandbox: Running, language: str
) -> None:
    await page.set_viewport_size({"width": 320, "height": 640})
    long = {
        "order_no": "W" * 128,
        "redirect_url": "https://shop.example.com/",
        "language": language,
    }
    payment = await till.checkout(**long)
    summary = payment["checkout_url"].replace("/start/", "/summary/")

    for address in (payment["checkout_url"], summary, f"{sandbox.url}/?lang={language}"):
        await page.goto(address)

        assert await page.evaluate(OVERFLOW) == 0
        assert await page.evaluate(LOWEST_CONTRAST) >= 4.5
        await expect(page.get_by_role("heading", level=1)).to_have_count(1)
        await expect(page.get_by_role("main")).to_have_count(1)


async def test_what_has_the_focus_is_marked(page: Page, till: Till) -> None:
    payment = await till.checkout()

    await page.goto(payment["checkout_url"])
    await page.keyboard.press("Tab")

    await expect(page.locator(":focus")).to_have_css("outline-style", "solid")
    await expect(page.locator(":focus")).to_have_css("outline-width", "3px")
