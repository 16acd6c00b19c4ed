"""Why an answer says what it says: what was searched, what the model was given of it, what not, and what it took."""

import re

import pytest
from playwright.sync_api import expect

bears = "Bears eat salmon, berries and honey. A grown bear eats forty kilograms of fish on a good day in autumn."
others = {f"{animal}.txt": f"What do {animal}s eat? Mostly {food}, and now and then a berry."
          for animal, food in [("fox", "mice"), ("owl", "voles"), ("hare", "grass"), ("otter", "fish"), ("wren", "spiders")]}


def reader(visitor):
    assistant = visitor.has_assistant("Reader", "chat_retrieval", llm_type=visitor.built_in_model)
    for name, text in ({"bears.txt": bears, "copy of bears.txt": f"{bears} "} | others).items():
        visitor.has_file(name, text, assistant_id=assistant["assistant_id"])
    return assistant


def test_why_shows_the_search_as_it_was_and_leads_to_its_passages(anyone):
    anyone.start_with(reader(anyone))
    anyone.ask("What do bears eat?")
    page = anyone.page
    page.get_by_role("button", name="Why this answer").click()
    why = page.get_by_role("complementary", name="Why this answer")
    expect(why.locator(".why-facts").first).to_contain_text("the assistant's files, the files of this chat")
    expect(why).to_contain_text("Time")
    given = why.locator(".found > li").filter(has_text="bears.txt").first
    expect(given).to_contain_text("the answer refers to it")
    expect(given).to_contain_text(re.compile(r"(words|meaning): no\. 1"))
    expect(why.locator(".left-out")).to_contain_text("says the same as passage")

    given.get_by_role("button").click()
    expect(page.get_by_role("complementary").locator("mark")).to_contain_text("salmon")
    page.get_by_role("button", name="Back", exact=True).click()
    expect(why.locator(".why-facts").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(why).to_be_hidden()
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "Why this answer"


def test_of_a_follow_up_it_says_what_was_asked_and_what_was_searched_for(someone):
    someone.start_with(reader(someone))
    someone.ask("What do bears eat?")
    someone.ask("And how much of it?")
    someone.page.locator(".answer-actions").last.get_by_role("button", name="Why this answer").click()
    facts = someone.page.locator(".why-facts").first
    expect(facts.locator("dd").nth(0)).to_have_text("And how much of it?")
    expect(facts.locator("dd").nth(1)).to_contain_text("bears")


@pytest.mark.usefixtures("needs_model")
def test_of_an_answer_without_a_search_it_says_so_and_what_it_took(someone):
    assistant = someone.has_assistant("Counter", "agent", llm_type="GPT 4o", tools=[{"type": "calculator"}])
    someone.start_with(assistant)
    someone.ask('call:calculator {"expression": "6 * 7"}')
    expect(someone.last_answer).to_contain_text("Found: 42")
    cost = someone.page.locator(".answer-cost").last
    expect(cost).to_contain_text("24 tokens")  # two calls of twelve
    someone.page.locator(".answer-actions").last.get_by_role("button", name="Why this answer").click()
    why = someone.page.locator(".why")
    expect(why).to_contain_text("No file was searched for this answer.")
    expect(why.locator(".why-facts")).to_contain_text("calculator")
    expect(why.locator(".why-facts")).to_contain_text("Calls of models2")


def test_a_search_that_is_tried_shows_what_was_left_out_too(someone):
    assistant = reader(someone)
    page = someone.go(f"/knowledge/assistant/{assistant['assistant_id']}")
    page.get_by_role("searchbox", name="Try a search").fill("What do bears eat?")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_text("Ranked, and left out").click()
    expect(page.locator(".left-out")).to_contain_text("says the same as passage")
