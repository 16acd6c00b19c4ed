"""From nothing to a cited answer, with no key and no model but the built-in one."""

import re

from playwright.sync_api import expect

bears = """# Bears

Brown bears eat honey, berries and salmon. In autumn a grown bear gains up to two kilograms a day.

In winter they sleep in a den for five to seven months and live on their fat.

# Cars

Cars have engines and wheels, and burn petrol or draw on a battery.
"""


def test_somebody_new_makes_an_assistant_gives_it_a_file_and_gets_a_cited_answer(anyone, tmp_path):
    page = anyone.go("/")
    expect(page.get_by_role("heading", name="Make your first assistant")).to_be_visible()
    page.get_by_role("button", name="Ask my documents").click()

    page.get_by_label("Model", exact=True).select_option(label=anyone.built_in_model)
    source = tmp_path / "bears.md"
    source.write_text(bears)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="choose files").click()
    chooser.value.set_files(source)
    expect(page.locator(".file", has_text="bears.md")).to_be_visible()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    expect(page.get_by_text("1 file")).to_be_visible()
    anyone.ask("What do brown bears eat?")
    expect(anyone.last_answer).to_contain_text("salmon")

    chip = page.locator(".citation").first
    expect(chip).to_have_attribute("aria-label", re.compile("Source 1: bears.md"))
    chip.click()
    panel = page.get_by_role("complementary", name="bears.md")
    expect(panel.get_by_role("heading", name="bears.md")).to_be_visible()
    expect(panel.locator("mark")).to_contain_text("salmon")
    with page.expect_download() as download:
        panel.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "bears.md"
    assert download.value.path().read_text() == bears

    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(chip).to_be_focused()

    page.reload()
    expect(anyone.last_answer).to_contain_text("salmon")
    expect(page.locator(".citation").first).to_be_visible()
    anyone.open_rail()
    expect(page.get_by_role("navigation").get_by_role("link", name="What do brown bears eat?")).to_be_visible()


def test_what_was_searched_can_be_unfolded_and_each_passage_opened(someone):
    assistant = someone.has_assistant("Reader", "chat_retrieval", llm_type=someone.built_in_model)
    someone.has_file("bears.md", bears, assistant_id=assistant["assistant_id"])
    someone.start_with(assistant)
    someone.ask("What do brown bears eat?")

    card = someone.page.locator(".tool-card").first
    expect(card).to_contain_text("Looked in the files")
    card.locator("summary").click()
    card.locator(".passage").first.click()
    expect(someone.page.locator(".side-panel")).to_contain_text("salmon")


def test_a_file_that_cannot_be_read_says_why_and_the_others_still_arrive(someone, tmp_path):
    assistant = someone.has_assistant("Reader", "chat_retrieval")
    page = someone.go(f"/assistant/{assistant['assistant_id']}/edit")
    good, bad = tmp_path / "good.txt", tmp_path / "broken.pdf"
    good.write_text("All is well.")
    bad.write_bytes(b"%PDF-1.7\nnot really")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="choose files").click()
    chooser.value.set_files([bad, good])

    failed = page.locator(".upload[data-state=failed]")
    expect(failed).to_contain_text("broken.pdf")
    expect(page.locator(".file", has_text="good.txt")).to_be_visible()
    failed.get_by_role("button", name="Remove broken.pdf").click()
    expect(failed).to_have_count(0)


def test_a_file_is_deleted_only_after_a_yes(someone):
    assistant = someone.has_assistant("Reader", "chat_retrieval")
    someone.has_file("secret.txt", "The password is swordfish.", assistant_id=assistant["assistant_id"])
    page = someone.go(f"/assistant/{assistant['assistant_id']}/edit")
    file = page.locator(".file", has_text="secret.txt")

    file.get_by_role("button", name="Remove secret.txt").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(file).to_be_visible()

    file.get_by_role("button", name="Remove secret.txt").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No files yet.")).to_be_visible()
