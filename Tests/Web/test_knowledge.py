"""The files of assistants and collections: dropped, watched, stopped, searched, deleted."""

import pytest
from playwright.sync_api import expect


def test_a_collection_is_made_filled_searched_and_deleted(someone):
    page = someone.go("/knowledge")
    page.get_by_role("button", name="New collection").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Manuals")
    page.get_by_role("dialog").get_by_role("button", name="Make collection").click()
    expect(page.get_by_role("heading", name="Manuals")).to_be_visible()

    page.locator("input[type=file]:not([webkitdirectory])").set_input_files([
        {"name": "bears.txt", "mimeType": "text/plain", "buffer": b"Brown bears eat salmon in the river."},
        {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 rubbish"},
    ])
    bears = page.locator(".file", has_text="bears.txt")
    broken = page.locator(".file", has_text="broken.pdf")
    expect(bears).to_have_attribute("data-status", "indexed")
    expect(broken).to_have_attribute("data-status", "failed")
    expect(broken).to_contain_text("could not be read")
    broken.get_by_role("button", name="Try broken.pdf again").click()
    expect(broken).to_have_attribute("data-status", "failed")

    page.get_by_role("button", name="Failed").click()
    expect(bears).to_have_count(0)
    page.get_by_role("button", name="All", exact=True).click()
    expect(bears).to_be_visible()

    bears.get_by_role("button", name="bears.txt", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Brown bears eat salmon")
    page.get_by_role("dialog").get_by_role("button", name="Passages").click()
    expect(page.get_by_role("dialog").locator(".chunks li")).to_have_count(1)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()

    broken.get_by_role("button", name="More about broken.pdf").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(broken).to_have_count(0)

    page = someone.go("/knowledge")
    card = page.locator(".card", has_text="Manuals")
    expect(card).to_contain_text("1 file")
    card.get_by_role("button", name="More about Manuals").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 file goes with it.")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(card).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True])
def test_a_search_shows_both_rankings_and_opens_the_passage(visit, phone):
    someone = visit(phone=phone)
    assistant = someone.has_assistant("Reader", "chat_retrieval")
    someone.has_file("bears.txt", "Brown bears eat salmon in the river.", assistant_id=assistant["assistant_id"])
    if someone.context.request.get(f"/search?q=bears&assistant_id={assistant['assistant_id']}").status == 404:
        pytest.skip("this server has no search of its own")
    page = someone.go(f"/knowledge/assistant/{assistant['assistant_id']}")
    expect(page.locator(".file")).to_have_attribute("data-status", "indexed")
    page.get_by_placeholder("A question, or a part number").fill("What do bears eat?")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".found")).to_contain_text("words: no. 1")
    page.locator(".found").get_by_role("button", name="bears.txt").click()
    expect(page.locator(".side-panel mark")).to_contain_text("salmon")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_quotation_that_no_source_has_is_shown_as_such(someone, needs_model):
    assistant = someone.has_assistant("Reader", "chat_retrieval")
    someone.has_file("bears.txt", "Brown bears eat salmon in the river.", assistant_id=assistant["assistant_id"])
    someone.start_with(assistant)
    someone.ask("What do bears eat? [[say They say “**Brown** bears eat sal·mon in the river” [1] "
                "and “bears **never** eat any sal·mon at all” [1].]]")
    answer = someone.page.locator(".answer").last
    expect(answer.locator(".proof-state[data-state=exact]")).to_contain_text("1 quotation word for word")
    expect(answer.locator(".unproved")).to_contain_text("bears never eat any salmon at all")
    expect(answer.locator(".citation").first).to_have_attribute("data-state", "not_found")
