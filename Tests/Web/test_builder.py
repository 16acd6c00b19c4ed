"""Building an assistant: trying it beside its form, its versions, what a chat can begin with."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("needs_model")


def test_it_is_tried_with_the_form_as_it_stands_and_leaves_no_chat_behind(someone):
    assistant = someone.has_assistant("Trial", system_message="[[say saved]]")
    page = someone.go(f"/assistant/{assistant['assistant_id']}/edit")
    chat = page.get_by_role("region", name="Try it")
    chat.get_by_role("textbox", name="Message").fill("[[say tried]]")
    chat.get_by_role("button", name="Send").click()
    expect(chat.locator(".answer .markdown")).to_have_text("tried")
    expect(chat.get_by_role("button", name="Send")).to_be_visible()
    chat.get_by_role("button", name="Start over").click()
    expect(chat.locator(".answer")).to_have_count(0)
    page.goto("/#/assistants")
    someone.wait_for(lambda: someone.call("GET", "/threads") == [])


def test_a_version_is_compared_and_restored(someone):
    assistant = someone.has_assistant("Before", system_message="Be brief.\nBe kind.")
    configurable = assistant["config"]["configurable"] | {"type==chatbot/system_message": "Be long.\nBe kind."}
    someone.call("PUT", f"/assistants/{assistant['assistant_id']}",
                 {"name": "After", "config": {"configurable": configurable}, "public": False})
    page = someone.go(f"/assistant/{assistant['assistant_id']}/edit")
    page.get_by_text("Versions", exact=True).click()
    page.locator(".versions summary").first.click()
    expect(page.locator(".change del").first).to_contain_text("Before")
    expect(page.locator(".change ins").last).to_contain_text("Be long.")
    expect(page.locator(".change span").last).to_contain_text("Be kind.")
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_label("Name")).to_have_value("Before")


def test_a_chat_begins_with_a_suggestion(someone):
    assistant = someone.has_assistant("Host")
    page = someone.go(f"/assistant/{assistant['assistant_id']}/edit")
    page.get_by_label("Conversation starters").fill("[[say hello]]\n\nSomething else")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="[[say hello]]").click()
    expect(someone.last_answer).to_have_text("hello")


def test_code_is_coloured_and_maths_set_once_they_are_whole(someone):
    someone.start_with(someone.has_assistant())
    someone.ask("[[echo]] Costs $5 and $10.\n\n```python\nprint('hello')\n```\n\nThen $x^2$ and \\(y\\).\n\n$$\\frac{a}{b}$$\n\nEnd")
    answer = someone.last_answer
    expect(answer.locator(".code-string")).to_have_text("'hello'")
    expect(answer.locator("math")).to_have_count(3)
    expect(answer.locator("mfrac")).to_have_count(1)
    expect(answer.locator("p").first).to_have_text("Costs $5 and $10.")
