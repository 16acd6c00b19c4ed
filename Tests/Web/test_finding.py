"""Finding things again, pinning them, taking them along."""

import json

import pytest
from playwright.sync_api import expect


@pytest.mark.usefixtures("needs_model")
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_everything_is_found_by_keyboard(visit, phone):
    someone = visit(phone=phone)
    assistant = someone.has_assistant("Heron expert")
    someone.has_file("birds.txt", "The grey heron fishes at dawn.", assistant_id=assistant["assistant_id"])
    someone.start_with(assistant)
    someone.ask("[[say a heron is a bird]]")
    page = someone.page
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="Search", exact=True)).to_be_focused()
    page.keyboard.type("heron")
    for heading in ("Assistants", "Chats", "Messages", "Files"):
        expect(page.locator("main").get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator(".found mark").first).to_have_text("heron")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".found-row").first).to_be_focused()
    page.get_by_role("link", name="Answer").first.click()
    expect(page.locator(".message.revealed")).to_contain_text("a heron is a bird")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="Search", exact=True)).to_be_focused()
    page.keyboard.type("grey")
    page.locator("button.found-row").click()
    expect(page.locator(".side-panel mark")).to_contain_text("grey heron")


def test_nothing_found_is_said(someone):
    page = someone.go("/search?q=xyzzy")
    expect(page.get_by_text("Nothing was found for “xyzzy”.")).to_be_visible()


def test_an_assistant_is_pinned_in_all_of_ones_browsers(visit):
    someone = visit(name="pinner-of-assistants")
    someone.has_assistant("Favourite")
    page = someone.go("/assistants")
    page.get_by_role("button", name="More about Favourite").click()
    page.get_by_role("menuitem", name="Pin").click()
    expect(page.locator(".rail-pins").get_by_role("link", name="Favourite")).to_be_visible()
    again = visit(name="pinner-of-assistants").go("/")
    expect(again.locator(".rail-pins").get_by_role("link", name="Favourite")).to_be_visible()


def test_an_assistant_goes_to_a_file_and_comes_back_without_its_keys(someone, tmp_path):
    assistant = someone.has_assistant("Traveller", "agent", system_message="Be brief.", tools=[
        {"type": "retrieval", "config": {"api_key": "hush-hush"}}])
    someone.has_file("notes.txt", "Bears eat salmon.", assistant_id=assistant["assistant_id"])
    page = someone.go("/assistants")
    page.get_by_role("button", name="More about Traveller").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export as a file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "Traveller.opengpts.json" and "hush-hush" not in file.read_text()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import a file").click()
    chooser.value.set_files(file)
    expect(page.get_by_label("Name")).to_have_value("Traveller")
    expect(page.locator(".file")).to_contain_text("notes.txt")
    (tmp_path / "other.json").write_text("{}")
    page.goto("/#/assistants")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import a file").click()
    chooser.value.set_files(tmp_path / "other.json")
    expect(page.get_by_text("That file holds no assistant exported from OpenGPTs.")).to_be_visible()


def test_everything_can_be_downloaded(someone, tmp_path):
    someone.has_assistant("Mine")
    page = someone.go("/settings/data")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all of it").click()
    download.value.save_as(tmp_path / "all.json")
    everything = json.loads((tmp_path / "all.json").read_text())
    assert [entry["assistant"]["name"] for entry in everything["assistants"]] == ["Mine"]
