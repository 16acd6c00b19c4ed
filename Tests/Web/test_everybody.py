"""For everybody: by keyboard, by screen reader, on a phone, in the dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

serious = {"serious", "critical"}


def check_with_axe(visitor):
    visitor.settle()
    page = visitor.page
    found = Axe().run(page).response["violations"]
    worst = [f"{fault['id']}: {[node['html'][:160] for node in fault['nodes']]}"
             for fault in found if fault["impact"] in serious]
    assert worst == [], page.url


def furnish(visitor):
    assistant = visitor.has_assistant("Reader", "chat_retrieval", llm_type=visitor.built_in_model)
    visitor.has_file("bears.md", "# Bears\n\nBears eat salmon and honey.", assistant_id=assistant["assistant_id"])
    return assistant


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_checker_finds_nothing_serious_on_any_screen(visit, scheme, phone):
    visitor = visit(scheme=scheme, phone=phone)
    visitor.go("/")
    check_with_axe(visitor)
    assistant = furnish(visitor)
    for path in visitor.screens(assistant):
        visitor.go(path)
        check_with_axe(visitor)
    visitor.start_with(assistant)
    visitor.ask("What do bears eat?")
    visitor.page.locator(".tool-card summary").first.click()
    check_with_axe(visitor)
    visitor.page.locator(".citation").first.click()
    expect(visitor.page.locator(".side-panel mark")).to_be_visible()
    check_with_axe(visitor)
    visitor.page.get_by_role("button", name="Close").click()
    visitor.page.get_by_role("button", name="Why this answer").click()
    expect(visitor.page.locator(".why")).to_be_visible()
    check_with_axe(visitor)
    visitor.go(f"{visitor.path}/history")
    check_with_axe(visitor)


def test_the_whole_way_can_be_gone_by_keyboard_alone(someone):
    furnish(someone)
    page = someone.go("/")
    expect(someone.composer).to_be_focused()
    page.keyboard.type("What do bears eat?")
    page.keyboard.press("Enter")
    expect(page.locator(".citation").first).to_be_visible()
    someone.wait_until_quiet()
    press_until(page, "Shift+Tab", lambda: focus_is(page, ".citation"))
    page.keyboard.press("Enter")
    expect(page.locator(".side-panel mark")).to_be_visible()
    page.keyboard.press("Escape")
    assert focus_is(page, ".citation")
    page.keyboard.press("Shift+Escape")
    expect(someone.composer).to_be_focused()
    page.keyboard.press("Control+Shift+O")
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    page.keyboard.press("Control+/")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def press_until(page, key, is_there, most=60):
    for _ in range(most):
        if is_there():
            return
        page.keyboard.press(key)
    raise AssertionError("the keyboard did not get there")


def focus_is(page, selector):
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


def test_the_first_tab_offers_a_way_past_the_navigation(someone):
    furnish(someone)
    page = someone.go("/assistants")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    assert focus_is(page, "main")
    assert someone.path == "/assistants"


def test_on_a_phone_the_rail_is_a_drawer_and_nothing_is_wider_than_the_screen(visit):
    visitor = visit(phone=True)
    assistant = furnish(visitor)
    visitor.start_with(assistant)
    visitor.ask("What do bears eat?")
    page = visitor.page
    expect(page.get_by_role("navigation")).to_be_hidden()
    page.get_by_role("button", name="Open navigation").click()
    expect(page.get_by_role("navigation")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_role("button", name="Open navigation")).to_be_focused()
    page.get_by_role("button", name="Open navigation").click()
    page.get_by_role("link", name="Assistants").click()
    expect(page.get_by_role("heading", name="Assistants", exact=True)).to_be_visible()
    for path in ("/", "/assistants", "/assistants/new", f"/assistant/{assistant['assistant_id']}/edit"):
        visitor.go(path)
        visitor.settle()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_on_a_phone_the_composer_stays_above_the_keyboard(visit):
    visitor = visit(phone=True)
    visitor.start_with(furnish(visitor))
    visitor.ask("What do bears eat?")
    visitor.composer.focus()
    visitor.page.set_viewport_size({"width": 390, "height": 420})  # what is left above a keyboard

    def is_in_view():
        box = visitor.page.locator(".composer").bounding_box()
        return box["y"] >= 0 and box["y"] + box["height"] <= 420
    visitor.wait_for(is_in_view)


def test_the_theme_follows_the_system_until_one_is_chosen_and_the_choice_lasts(visit):
    visitor = visit(scheme="dark")
    page = visitor.go("/")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    page.get_by_role("radio", name="Light").check(force=True)
    light = page.evaluate(background)
    assert light != dark
    page.reload()
    page.wait_for_selector("main > *")
    assert page.evaluate(background) == light
    page.get_by_role("radio", name="As the system").check(force=True)
    assert page.evaluate(background) == dark


def test_who_wants_no_motion_gets_none(visit):
    visitor = visit(reduced_motion=True)
    page = visitor.go("/")
    durations = page.evaluate(
        "Array.from(document.querySelectorAll('*'), (node) => getComputedStyle(node).animationDuration)")
    assert all(float(duration.split("s")[0].split("e")[0]) <= 0.01 or "e-" in duration for duration in durations)


def test_the_state_of_the_server_is_one_click_away(someone):
    page = someone.go("/")
    page.locator(".status-button").click()
    dialog = page.locator("main")
    expect(dialog.get_by_role("heading", name="Status", exact=True)).to_be_visible()
    parts = someone.call("GET", "/readyz")["parts"]
    expect(dialog.locator(".parts li")).to_have_count(len(parts))
    for part in parts:
        if "bytes" not in part:  # these it writes in its own words
            expect(dialog).to_contain_text(part["detail"])
