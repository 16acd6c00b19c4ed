"""Assistants and chats: make, change, copy, delete, find again."""

import pytest
from playwright.sync_api import expect


def test_the_form_is_drawn_from_the_schema_and_keeps_what_was_chosen(someone):
    page = someone.go("/assistants/new")
    page.get_by_label("Name").fill("Careful researcher")
    page.locator("input[name=type][value=agent]").check()
    page.get_by_label("Instructions").fill("Look things up before you answer.")
    page.get_by_label("Retrieval", exact=True).check()
    page.get_by_label("Tool Confirmation").check()
    page.get_by_role("button", name="Make assistant").click()
    expect(page.get_by_label("Assistant", exact=True)).to_be_visible()

    [assistant] = someone.call("GET", "/assistants/")
    configurable = assistant["config"]["configurable"]
    assert configurable["type"] == "agent"
    assert configurable["type==agent/system_message"] == "Look things up before you answer."
    assert configurable["type==agent/interrupt_before_action"] is True
    assert [tool["type"] for tool in configurable["type==agent/tools"]] == ["retrieval"]

    page = someone.go(f"/assistant/{assistant['assistant_id']}/edit")
    expect(page.get_by_label("Instructions")).to_have_value("Look things up before you answer.")
    expect(page.get_by_label("Retrieval", exact=True)).to_be_checked()
    page.get_by_label("Name").fill("Renamed")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    assert someone.call("GET", f"/assistants/{assistant['assistant_id']}")["name"] == "Renamed"


def test_an_assistant_needs_a_name_and_says_so(someone):
    page = someone.go("/assistants/new")
    page.get_by_role("button", name="Make assistant").click()
    expect(page.get_by_text("Give the assistant a name.")).to_be_visible()
    expect(page.get_by_label("Name")).to_be_focused()


def test_a_form_that_was_changed_is_not_left_by_accident(someone):
    page = someone.go("/assistants/new")
    page.get_by_label("Name").fill("Half done")
    page.get_by_role("link", name="Assistants").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Name")).to_have_value("Half done")
    page.get_by_role("link", name="Assistants").click()
    page.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="Assistants", exact=True)).to_be_visible()


def test_deleting_an_assistant_says_what_goes_and_its_chats_find_another(anyone):
    doomed = anyone.has_assistant("Doomed", "chat_retrieval", llm_type=anyone.built_in_model)
    anyone.has_file("bears.txt", "Bears eat salmon in the river.", assistant_id=doomed["assistant_id"])
    anyone.start_with(doomed)
    anyone.ask("What do bears eat?")
    chat = anyone.path
    anyone.has_assistant("Heir", "chat_retrieval", llm_type=anyone.built_in_model)

    page = anyone.go("/assistants")
    page.reload()
    page.get_by_role("button", name="More about Doomed").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 file")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Assistant deleted")).to_be_visible()

    page = anyone.go(chat)
    expect(page.get_by_role("heading", name="This chat has lost its assistant")).to_be_visible()
    page.get_by_role("button", name="Continue with it").click()
    expect(page.get_by_text("What do bears eat?").last).to_be_visible()
    expect(page.locator(".topbar")).to_contain_text("Heir")


def test_a_chat_is_renamed_and_deleted_from_the_rail(anyone):
    assistant = anyone.has_assistant()
    thread = anyone.call("POST", "/threads", {"assistant_id": assistant["assistant_id"], "name": "Old name"})
    page = anyone.go(f"/thread/{thread['thread_id']}")
    anyone.open_rail()
    page.get_by_role("button", name="More about Old name").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("dialog").get_by_label("Name").fill("New name")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    anyone.open_rail()
    page.get_by_role("button", name="More about New name").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("“New name” goes for good")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Chat deleted")).to_be_visible()
    assert anyone.path == "/"
    assert anyone.call("GET", "/threads/") == []


@pytest.mark.parametrize("path, heading", [
    ("/nowhere", "There is nothing here"),
    ("/thread/00000000-0000-4000-8000-000000000000", "This chat does not exist"),
    ("/assistant/00000000-0000-4000-8000-000000000000", "There is nothing here"),
])
def test_an_address_that_names_nothing_says_so(someone, path, heading):
    page = someone.go(path)
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def test_a_public_assistant_of_somebody_else_can_be_seen_and_copied_but_not_changed(visit):
    owner = visit()
    shared = owner.has_assistant("Recipe friend")
    owner.call("PUT", f"/assistants/{shared['assistant_id']}",
               {"name": "Recipe friend", "config": shared["config"], "public": True})
    guest = visit()
    page = guest.go("/assistants")
    card = page.locator(".card", has=page.get_by_role("link", name="Recipe friend"))
    card.get_by_role("button", name="More about Recipe friend").first.click()
    page.get_by_role("menuitem", name="View").click()
    expect(page.get_by_text("This assistant belongs to somebody else.")).to_be_visible()
    expect(page.get_by_label("Name")).to_be_disabled()
    page = guest.go("/assistants")
    card.get_by_role("button", name="More about Recipe friend").first.click()
    page.get_by_role("menuitem", name="Make a copy").click()
    expect(page.get_by_role("link", name="Copy of Recipe friend")).to_be_visible()
