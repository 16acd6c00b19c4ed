"""Pictures in messages: pasted, dropped or chosen, shown to models that see them and to nobody else."""

import json
import struct
import urllib.request
import zlib

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("needs_model")

paste = """(node, bytes) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "chart.png", { type: "image/png" }));
  node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def png(width=8, height=8):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + b"\xd0\x30\x30" * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def heard(model_url):
    """What the model was sent last, part by part."""
    stats = json.load(urllib.request.urlopen(model_url.removesuffix("/v1") + "/stats"))
    content = stats["last"]["messages"][-1]["content"]
    return content if isinstance(content, list) else [{"type": "text", "text": content}]


def paste_into(visitor, picture):
    visitor.composer.evaluate(paste, list(picture))


def test_a_picture_goes_with_the_message_and_stays_with_it(anyone, model_url):
    anyone.start_with(anyone.has_assistant("Seer", llm_type="GPT 4o"))
    paste_into(anyone, png())
    page = anyone.page
    expect(page.locator(".picture-list img")).to_have_count(1)
    anyone.ask("[[say a red square]]")
    assert [part["type"] for part in heard(model_url)] == ["text", "image_url"]
    assert heard(model_url)[1]["image_url"]["url"].startswith("data:image/png;base64,")
    page.reload()
    thumbnail = page.locator(".message.human").get_by_role("button", name="Show the picture large")
    thumbnail.click()
    expect(page.get_by_role("dialog", name="Picture").get_by_role("img")).to_be_visible()
    page.keyboard.press("Escape")
    asked = page.locator(".message.human")
    asked.hover()
    asked.get_by_role("button", name="Edit and ask again").click()
    page.get_by_role("textbox", name="Edit and ask again").fill("[[say still red]]")
    asked.get_by_role("button", name="Send").click()
    expect(anyone.last_answer).to_have_text("still red")
    assert [part["type"] for part in heard(model_url)] == ["text", "image_url"]


def test_a_large_picture_is_made_smaller_and_can_be_taken_out_again(someone, model_url):
    someone.start_with(someone.has_assistant("Seer", llm_type="GPT 4o"))
    paste_into(someone, png(4000, 1000))
    expect(someone.page.locator(".picture-list img")).to_have_count(1)
    size = someone.page.locator(".picture-list img").evaluate("(image) => [image.naturalWidth, image.naturalHeight]")
    assert size == [1568, 392]
    someone.page.get_by_role("button", name="Remove chart.png").click()
    someone.ask("[[say nothing to see]]")
    assert [part["type"] for part in heard(model_url)] == ["text"]


def test_a_model_that_sees_no_pictures_is_not_sent_any(someone):
    someone.start_with(someone.has_assistant("Blind", llm_type="GPT 3.5 Turbo"))
    paste_into(someone, png())
    note = someone.page.locator(".picture-note")
    expect(note).to_contain_text("GPT 3.5 Turbo does not see pictures.")
    expect(someone.page.locator(".picture-list img")).to_have_count(0)
    note.get_by_role("link", name="Choose a model that does").click()
    expect(someone.page.get_by_role("heading", name="Edit assistant")).to_be_visible()
