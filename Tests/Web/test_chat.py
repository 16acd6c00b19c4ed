"""Talking: the stream, its end, its failures."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("needs_model")

everything = """Some **bold**, *slanted*, ~~gone~~ and `code`.

## A heading

1. one
2. two

- [x] done
- [ ] open

| left | right |
|:--|--:|
| a | b |

```python
print("hello")
```

> quoted

The end: see [the book](https://example.com/book)."""


def test_an_answer_is_shown_as_the_markdown_it_is(someone):
    someone.start_with(someone.has_assistant())
    someone.ask(f"[[echo]] {everything}")
    answer = someone.last_answer
    expect(answer.locator("strong")).to_have_text("bold")
    expect(answer.locator("em")).to_have_text("slanted")
    expect(answer.locator("del")).to_have_text("gone")
    expect(answer.get_by_role("heading", name="A heading")).to_be_visible()
    expect(answer.locator("ol > li")).to_have_text(["one", "two"])
    expect(answer.get_by_role("checkbox", name="done", exact=True)).to_be_checked()
    expect(answer.locator("td")).to_have_text(["a", "b"])
    expect(answer.locator("pre code")).to_have_text('print("hello")')
    expect(answer.locator("blockquote")).to_have_text("quoted")
    link = answer.get_by_role("link", name="the book")
    expect(link).to_have_attribute("href", "https://example.com/book")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_what_streamed_and_what_is_stored_look_the_same(someone):
    someone.start_with(someone.has_assistant())
    someone.ask(f"[[echo]] {everything}")
    expect(someone.last_answer.locator(".code-string")).to_be_visible()
    streamed = someone.last_answer.evaluate("node => node.innerHTML")
    someone.page.reload()
    expect(someone.last_answer).to_contain_text("The end")
    expect(someone.last_answer.locator(".code-string")).to_be_visible()
    assert someone.last_answer.evaluate("node => node.innerHTML") == streamed


def test_finished_blocks_are_never_rendered_again_and_the_reader_is_not_pulled_down(someone):
    someone.start_with(someone.has_assistant())
    someone.say("[[echo]] first paragraph\n\n" + "\n\n".join(f"paragraph {n}, and more of it" for n in range(2, 200)))
    page = someone.page
    page.wait_for_function("() => document.querySelectorAll('.answer .markdown > p').length > 45")
    page.evaluate("document.querySelector('.answer .markdown > p').dataset.mark = 'mine'")
    page.locator(".chat-scroll").hover()
    page.mouse.wheel(0, -5000)
    page.wait_for_timeout(100)
    top = page.locator(".chat-scroll").evaluate("node => node.scrollTop")
    someone.wait_until_quiet()
    assert page.locator(".chat-scroll").evaluate("node => node.scrollTop") == pytest.approx(top, abs=2)
    expect(page.locator("p[data-mark=mine]")).to_have_text("first paragraph")
    page.get_by_role("button", name="Go to the latest message").click()
    expect(someone.last_answer.get_by_text("paragraph 199, and more of it", exact=True)).to_be_in_viewport()


def test_stop_keeps_what_was_said_and_says_that_it_stopped(someone):
    someone.start_with(someone.has_assistant())
    someone.say("[[slow]]")
    expect(someone.last_answer).to_contain_text("Sentence 3")
    someone.page.get_by_role("button", name="Stop").click()
    someone.wait_until_quiet()
    expect(someone.page.get_by_text("Stopped here")).to_be_visible()
    kept = someone.last_answer.inner_text()
    assert "Sentence 3" in kept and "Sentence 399" not in kept
    someone.ask("[[echo]] still here")
    expect(someone.last_answer).to_have_text("still here")


def test_escape_stops_too(someone):
    someone.start_with(someone.has_assistant())
    someone.say("[[slow]]")
    expect(someone.last_answer).to_contain_text("Sentence 2")
    someone.page.keyboard.press("Escape")
    expect(someone.page.get_by_text("Stopped here")).to_be_visible()


def test_a_reload_takes_the_answer_up_where_it_was(someone):
    someone.start_with(someone.has_assistant())
    someone.say("[[slow]]")
    expect(someone.last_answer).to_contain_text("Sentence 5")
    someone.page.reload()
    expect(someone.page.get_by_role("button", name="Stop")).to_be_visible()
    expect(someone.last_answer).to_contain_text(re.compile(r"Sentence 1 .*Sentence 30 ", re.S))
    text = someone.last_answer.inner_text()
    assert text.count("Sentence 7 of") == 1, "nothing is said twice"


def test_a_chat_left_while_answering_goes_on_and_shows_it_in_the_rail(someone):
    someone.start_with(someone.has_assistant())
    someone.say("[[slow]]")
    expect(someone.last_answer).to_contain_text("Sentence 2")
    someone.page.get_by_role("link", name="New chat").click()
    expect(someone.page.get_by_role("img", name="answering")).to_be_visible()
    someone.page.locator(".chat-row a").first.click()
    expect(someone.last_answer).to_contain_text("Sentence 20 ")
    someone.page.get_by_role("button", name="Stop").click()


def test_a_network_cut_is_said_and_what_was_typed_is_kept(someone):
    someone.start_with(someone.has_assistant())
    someone.ask("[[echo]] hello")
    someone.context.set_offline(True)
    someone.say("[[echo]] into the void")
    expect(someone.page.get_by_text("OpenGPTs cannot be reached").first).to_be_visible()
    expect(someone.composer).to_have_value("[[echo]] into the void")
    someone.context.set_offline(False)
    expect(someone.page.locator(".notice.lost")).to_have_count(0, timeout=15_000)
    someone.page.get_by_role("button", name="Send").click()
    expect(someone.last_answer).to_have_text("into the void")


def test_enter_while_an_input_method_composes_does_not_send(someone):
    someone.start_with(someone.has_assistant())
    someone.composer.fill("こんにち")
    someone.composer.evaluate(
        "node => node.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))")
    expect(someone.composer).to_have_value("こんにち")
    assert someone.path.startswith("/assistant/")


def test_a_tool_waits_for_a_yes_when_asked_to(someone):
    assistant = someone.has_assistant(
        "Careful", "agent", interrupt_before_action=True, tools=[{"type": "retrieval", "config": {}}])
    someone.has_file("bears.txt", "Bears eat salmon.", assistant_id=assistant["assistant_id"])
    tool = "Retriever"
    someone.start_with(assistant)
    someone.say(f'call:{tool} {{"query": "what do bears eat"}}')
    page = someone.page
    expect(page.get_by_text("The assistant wants to use a tool.")).to_be_visible()
    expect(page.locator(".approval-card")).to_contain_text("what do bears eat")
    page.get_by_role("button", name="Allow", exact=True).click()
    expect(someone.last_answer).to_contain_text("Found:")
    expect(page.locator(".tool-card")).to_contain_text("Looked in the files")


def test_answers_are_announced_by_sentence_not_by_token(someone):
    someone.start_with(someone.has_assistant())
    page = someone.page
    page.evaluate("""
      window.heard = [];
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes) for (const node of addedNodes) heard.push(node.textContent);
      }).observe(document.querySelector('.visually-hidden[aria-live]'), { childList: true });
    """)
    someone.ask("[[echo]] " + " ".join(f"This is sentence number {n}." for n in range(1, 201)))
    someone.wait_for(lambda: page.evaluate("heard.at(-1)") == "Answer complete")
    heard = page.evaluate("heard")
    spoken = [text for text in heard if text.startswith("This is sentence")]
    said = " ".join(spoken)
    assert said.count("sentence number") == 200, "all of it, and nothing twice"
    assert all(text.endswith(".") for text in spoken)
    assert len(spoken) < 40, "gathered, not word by word"
