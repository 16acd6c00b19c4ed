"""Going back, aside and on: editing, answering again, forking, the history. At the desk and on a phone."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("needs_model")
both_widths = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])


def remark(visitor, text):
    return visitor.page.locator(".message.human", has_text=text)


@both_widths
def test_a_question_is_edited_and_both_ways_can_be_taken(visit, phone):
    someone = visit(phone=phone)
    someone.start_with(someone.has_assistant())
    someone.ask("[[say one]]")
    someone.ask("[[say two]]")
    page = someone.page
    asked = remark(someone, "[[say two]]")
    asked.hover()
    asked.get_by_role("button", name="Edit and ask again").click()
    page.get_by_role("textbox", name="Edit and ask again").fill("[[say other]]")
    page.locator(".message.human").get_by_role("button", name="Send").click()
    expect(someone.last_answer).to_have_text("other")
    someone.wait_until_quiet()
    expect(page.get_by_role("group", name="Version 2 of 2")).to_be_visible()
    page.get_by_role("button", name="Previous version").click()
    expect(someone.last_answer).to_have_text("two")
    page.reload()
    expect(someone.last_answer).to_have_text("two")
    page.get_by_role("button", name="Next version").click()
    expect(someone.last_answer).to_have_text("other")


@both_widths
def test_an_answer_is_asked_for_again_and_the_first_stays_beside_it(visit, phone):
    someone = visit(phone=phone)
    someone.start_with(someone.has_assistant())
    someone.ask("[[say one]]")
    page = someone.page
    page.get_by_role("button", name="Answer again").click()
    expect(page.get_by_role("group", name="Version 2 of 2")).to_be_visible()
    expect(page.locator(".answer")).to_have_count(1)
    page.get_by_role("button", name="Previous version").click()
    expect(page.get_by_role("group", name="Version 1 of 2")).to_be_visible()


def test_escape_leaves_what_was_said_as_it_was(someone):
    someone.start_with(someone.has_assistant())
    someone.ask("[[say one]]")
    asked = remark(someone, "[[say one]]")
    asked.hover()
    asked.get_by_role("button", name="Edit and ask again").click()
    someone.page.keyboard.type(" and more")
    someone.page.keyboard.press("Escape")
    expect(asked.locator(".remark-text")).to_have_text("[[say one]]")


@both_widths
def test_from_the_history_one_goes_on_or_forks(visit, phone):
    someone = visit(phone=phone)
    someone.start_with(someone.has_assistant())
    someone.ask("[[say one]]")
    someone.ask("[[say two]]")
    page = someone.page
    page.get_by_role("link", name="History of this chat").click()
    rows = page.locator(".timeline-row")
    expect(rows.first).to_contain_text("two")
    first_answer = rows.filter(has_text="The assistant answered").last
    first_answer.get_by_role("button", name="Continue from here").click()
    expect(someone.last_answer).to_have_text("one")
    expect(page.get_by_text("You are at an earlier point of this chat.")).to_be_visible()
    someone.ask("[[say three]]")
    expect(page.get_by_role("group", name="Version 2 of 2")).to_be_visible()
    page.get_by_role("link", name="History of this chat").click()
    expect(page.get_by_text("other version").first).to_be_visible()
    rows.filter(has_text="The assistant answered").last.get_by_role("button", name="New chat from here").click()
    expect(page.locator(".answer")).to_have_count(1)
    expect(someone.last_answer).to_have_text("one")
    assert page.title().startswith("[[say one]] (fork)")


def test_two_steps_are_compared(someone):
    someone.start_with(someone.has_assistant())
    someone.ask("[[say one]]")
    someone.ask("[[say two]]")
    page = someone.page
    page.get_by_role("link", name="History of this chat").click()
    answers = page.locator(".timeline-row", has_text="The assistant answered")
    answers.first.get_by_label("Compare this").check()
    answers.last.get_by_label("Compare this").check()
    page.get_by_role("button", name="Compare", exact=True).click()
    dialog = page.get_by_role("dialog", name="Two steps compared")
    expect(dialog).to_contain_text("2 messages are the same in both.")
    expect(dialog).to_contain_text("Nothing beyond that.")
    expect(dialog).to_contain_text("two")


def test_an_answer_is_forked_and_rated(someone):
    someone.start_with(someone.has_assistant())
    someone.ask("[[say one]]")
    page = someone.page
    page.get_by_role("button", name="Good answer").click()
    expect(page.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    before = someone.path
    page.get_by_role("button", name="Go on from here in a new chat").click()
    page.wait_for_function("before => location.hash !== `#${before}`", arg=before)
    expect(someone.last_answer).to_have_text("one")
