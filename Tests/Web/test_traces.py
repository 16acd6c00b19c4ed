"""What was done for an answer: found from the status and the history, gone through by keys, on any screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("needs_model")


def trace_of(visitor, text):
    visitor.start_with(visitor.has_assistant())
    visitor.ask(text)
    page = visitor.go("/status")
    page.locator(".runs li").first.get_by_role("link", name="What was done").click()
    expect(page.get_by_role("treegrid")).to_be_visible()
    return page


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_answer_shows_what_was_done_for_it(visit, phone, scheme):
    someone = visit(phone=phone, scheme=scheme)
    page = trace_of(someone, "[[say one two]]")
    rows = page.get_by_role("row")
    expect(rows.filter(has_text="Model")).to_have_count(1)
    rows.filter(has_text="Model").click()
    pane = page.get_by_role("complementary", name="Model")
    expect(pane).to_contain_text("First words after")
    expect(pane).to_contain_text("Tokens written")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).response["violations"] == []


def test_it_is_gone_through_by_keys(someone):
    page = trace_of(someone, "[[say one]]")
    rows = page.locator(".span-row")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(rows.nth(1)).to_have_attribute("aria-expanded", "false")
    expect(rows.nth(2)).to_be_hidden()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(rows.nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(rows.nth(2)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(rows.last).to_be_focused()


def test_a_failure_is_named_and_leads_on(someone):
    someone.start_with(someone.has_assistant())
    someone.say("[[status=503]]")
    expect(someone.page.get_by_role("alert")).to_be_visible()
    page = someone.go("/status")
    failed = page.locator(".failed-runs li")
    expect(failed).to_contain_text("status 503")
    failed.get_by_role("link", name="What was done").click()
    expect(page.get_by_role("alert")).to_contain_text("status 503")
    model = page.get_by_role("row").filter(has_text="model_unavailable").last
    model.click()
    expect(page.locator(".span-events")).to_contain_text("Tried again: status 503")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("link", name="To the chat", exact=True).click()
    expect(page.locator(".message.human").last).to_contain_text("[[status=503]]")


def test_the_history_leads_to_it(someone):
    someone.start_with(someone.has_assistant())
    someone.ask("[[say one]]")
    thread = someone.path
    page = someone.go(f"{thread}/history")
    page.locator(".timeline-row").first.get_by_role("link", name="What was done").click()
    expect(page.get_by_role("treegrid")).to_be_visible()
