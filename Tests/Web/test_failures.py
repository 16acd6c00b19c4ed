"""When something is wrong the page says what and what to do, and recovers by itself or with one click."""

import json
import signal
import re

import pytest
from playwright.sync_api import expect

from daemon import Daemon
from visitor import Visitor

pytestmark = pytest.mark.usefixtures("needs_model")


def refuse(visitor, path, status, detail):
    visitor.context.route(path, lambda route: route.fulfill(
        status=status, content_type="application/json", body=json.dumps({"detail": detail})))


@pytest.mark.parametrize("status, detail, said", [
    (500, "", "OpenGPTs had a problem of its own (500)."),
    (507, "The disk of the server is full. Nothing was changed.", "The disk of the server is full."),
    (503, "The server has as many runs as it can carry. Try again later", "as many runs as it can carry"),
])
def test_a_refused_message_is_not_lost(someone, status, detail, said):
    someone.start_with(someone.has_assistant())
    someone.ask("[[say one]]")
    refuse(someone, "**/runs/stream", status, detail)
    someone.say("[[say two]]")
    expect(someone.page.get_by_text(said).first).to_be_visible()
    expect(someone.composer).to_have_value("[[say two]]")
    someone.context.unroute("**/runs/stream")
    someone.page.get_by_role("button", name="Send").click()
    expect(someone.last_answer).to_have_text("two")


def test_a_chat_that_cannot_be_loaded_can_be_tried_again(someone):
    someone.start_with(someone.has_assistant())
    someone.ask("[[say one]]")
    refuse(someone, "**/threads/*/state", 500, "")
    page = someone.page
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("problem of its own")
    someone.context.unroute("**/threads/*/state")
    page.get_by_role("alert").get_by_role("button", name="Try again").click()
    expect(someone.last_answer).to_have_text("one")


def test_a_search_a_history_and_a_form_that_cannot_be_had_can_be_tried_again(someone):
    someone.start_with(someone.has_assistant("Heron"))
    someone.ask("[[say one]]")
    thread = someone.path
    for path, address, found in [
        ("**/search/everything*", "/search?q=heron", ".found-row"),
        ("**/threads/*/timeline*", f"{thread}/history", ".timeline-row"),
        ("**/runs/config_schema", "/assistants/new", ".assistant-form"),
    ]:
        refuse(someone, path, 500, "")
        page = someone.go(address)
        expect(page.get_by_role("alert")).to_contain_text("problem of its own")
        someone.context.unroute(path)
        page.get_by_role("alert").get_by_role("button", name="Try again").click()
        expect(page.locator(found).first).to_be_visible()


def test_a_failed_run_is_listed_with_why_and_leads_to_its_chat(someone):
    someone.start_with(someone.has_assistant())
    someone.ask("[[say one]]")
    someone.say("[[status=400]]")
    expect(someone.page.get_by_role("alert")).to_be_visible()
    page = someone.go("/status")
    failed = page.locator(".failed-runs li")
    expect(failed).to_have_count(1)
    failed.get_by_role("link").first.click()
    expect(someone.page.locator(".message.human").last).to_contain_text("[[status=400]]")


def test_a_server_that_dies_and_comes_back_is_waited_for(browser, model_url, tmp_path):
    with Daemon(tmp_path, model_url) as daemon:
        someone = Visitor(browser, daemon.url)
        someone.start_with(someone.has_assistant())
        someone.ask("[[say one]]")
        page = someone.page
        someone.composer.fill("[[say two]]")
        daemon.stop(signal.SIGKILL)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("OpenGPTs cannot be reached.").first).to_be_visible()
        expect(someone.composer).to_have_value("[[say two]]")
        daemon.start()
        expect(page.locator(".notice.lost")).to_have_count(0)
        page.get_by_role("button", name="Send").click()
        expect(someone.last_answer).to_have_text("two")
        someone.leave()


def test_the_status_says_how_full_the_disk_is(someone):
    page = someone.go("/status")
    row = page.locator(".parts li", has_text="Disk")
    expect(row.get_by_role("meter")).to_be_visible()
    expect(row).to_contain_text("free of")


def test_a_model_that_asks_for_patience_is_waited_for_before_everybodys_eyes(someone):
    someone.start_with(someone.has_assistant())
    someone.say("[[once status=429 wait=3]] [[say There]]")
    expect(someone.page.get_by_text("Asking again in", exact=False)).to_be_visible()
    expect(someone.last_answer).to_have_text("There", timeout=15_000)
    expect(someone.page.get_by_text("Asking again in", exact=False)).to_have_count(0)


def test_a_wait_that_is_too_long_is_told_and_counted_down(someone):
    someone.start_with(someone.has_assistant())
    someone.say("[[status=429 wait=75]]")
    alert = someone.page.get_by_role("alert")
    expect(alert).to_contain_text("takes no more requests now. Try again in 75 s.")
    expect(alert.get_by_role("timer")).to_have_text(re.compile("Try again in 7[0-5] s"))
    expect(alert.get_by_role("button", name="Retry")).to_be_visible()
