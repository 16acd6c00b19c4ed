"""Tools: allowed, changed or refused before they are used; services that people describe themselves."""

import json
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("needs_model")

sums = """go
call:calculator {"expression": "6 * 7"}
call:calculator {"expression": "1 + 1"}"""

document = {
    "openapi": "3.1.0", "info": {"title": "Pet shop"}, "servers": [{"url": "http://127.0.0.1:9/v1"}],
    "paths": {
        "/pets": {"get": {"operationId": "listPets", "summary": "All pets"},
                  "post": {"operationId": "addPet", "summary": "One more"}},
        "/pets/{id}": {"get": {"operationId": "broken", "summary": "Lacks its parameter"}},
    },
}


def asking(someone, **entry):
    return someone.has_assistant("Careful", "agent", tools=[{"type": "calculator", "permission": "ask", **entry}])


def tools_of(someone, assistant):
    stored = someone.call("GET", f"/assistants/{assistant['assistant_id']}")
    return stored["config"]["configurable"].get("type==agent/tools", [])


def test_a_call_is_allowed_as_it_was_shown(anyone):
    anyone.start_with(asking(anyone))
    anyone.say('call:calculator {"expression": "6 * 7"}')
    card = anyone.page.locator(".approval-card")
    expect(card).to_contain_text("This tool asks first.")
    expect(card.locator("dd")).to_have_text("6 * 7")
    anyone.page.reload()
    card.get_by_role("button", name="Allow", exact=True).click()
    expect(anyone.last_answer).to_contain_text("Found: 42")
    expect(anyone.page.locator(".approval-panel")).to_have_count(0)


def test_other_arguments_are_used_instead(someone):
    someone.start_with(asking(someone))
    someone.say('call:calculator {"expression": "6 * 7"}')
    card = someone.page.locator(".approval-card")
    card.get_by_role("button", name="Edit").click()
    card.get_by_label("expression").fill("6 * 8")
    card.get_by_role("button", name="Allow with changes").click()
    expect(someone.last_answer).to_contain_text("Found: 48")
    expect(someone.page.locator(".tool-card dd").first).to_have_text("6 * 8")


def test_of_two_calls_one_is_refused_with_a_reason_that_the_assistant_reads(anyone):
    anyone.start_with(asking(anyone))
    anyone.say(sums)
    cards = anyone.page.locator(".approval-card")
    expect(cards).to_have_count(2)
    cards.nth(0).get_by_role("button", name="Allow", exact=True).click()
    expect(cards.nth(0)).to_contain_text("Allowed")
    cards.nth(0).get_by_role("button", name="Undo").click()
    cards.nth(0).get_by_role("button", name="Refuse…").click()
    cards.nth(0).get_by_label("Why not?").fill("I know that one")
    cards.nth(0).get_by_role("button", name="Refuse", exact=True).click()
    anyone.page.get_by_role("button", name="Allow all").click()
    expect(anyone.last_answer).to_contain_text("I know that one | 2")
    expect(anyone.page.locator('.tool-card[data-state="failed"]')).to_have_count(1)


def test_whether_a_tool_asks_is_chosen_in_the_form_and_kept(someone):
    assistant = someone.has_assistant("Chooser", "agent")
    page = someone.go(f"/assistant/{assistant['assistant_id']}/edit")
    page.get_by_label("Find a tool").fill("calculator")
    page.locator(".tool-row", has_text="Calculator").get_by_role("checkbox").check()
    page.get_by_label("May Calculator be used?").select_option("ask")
    page.get_by_role("button", name="Save").click()
    someone.wait_for(lambda: [entry.get("permission") for entry in tools_of(someone, assistant)] == ["ask"])


def test_a_service_is_described_tried_and_given_to_an_assistant(someone):
    page = someone.go("/settings/tools")
    page.get_by_role("button", name="Add a service").click()
    page.get_by_label("The document itself").fill("{}")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("alert")).to_contain_text("no OpenAPI 3 document")
    page.get_by_label("The document itself").fill(json.dumps(document))
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_label("Address", exact=True)).to_have_value("http://127.0.0.1:9/v1")
    page.get_by_label("GET /pets", exact=True).check()
    expect(page.locator(".operation-list")).to_contain_text("not described: id")
    page.get_by_label("Authentication").select_option("bearer")
    page.get_by_label("Secret").fill("hush")
    page.locator("li", has_text="All pets").get_by_role("button", name="Try").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog")).to_contain_text(re.compile("private network|cannot be reached"))
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".service-list").first).to_contain_text("1 operation")
    [service] = someone.call("GET", "/tools")
    assert service["has_secret"] and "hush" not in json.dumps(service)

    assistant = someone.has_assistant("Shopper", "agent")
    page = someone.go(f"/assistant/{assistant['assistant_id']}/edit")
    page.get_by_label("Find a tool").fill("pet")
    row = page.locator(".tool-row", has_text="Pet shop")
    row.get_by_role("checkbox").check()
    row.get_by_text("1 function").click()
    row.get_by_label("May listPets be used?").select_option("always")
    page.get_by_role("button", name="Save").click()
    someone.wait_for(lambda: tools_of(someone, assistant))
    [entry] = tools_of(someone, assistant)
    assert entry["config"] == {"tool_id": service["tool_id"]} and entry["permissions"] == {"listPets": "always"}


def test_a_service_may_be_described_in_yaml(someone):
    page = someone.go("/settings/tools")
    page.get_by_role("button", name="Add a service").click()
    page.get_by_label("The document itself").fill("""openapi: 3.1.0
info: {title: Yes shop, version: 1.0}
servers: [{url: "http://127.0.0.1:9/v2"}]
paths:
  /no:
    get: {operationId: no, summary: Nothing at all}
""")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_label("Address", exact=True)).to_have_value("http://127.0.0.1:9/v2")
    expect(page.get_by_label("GET /no", exact=True)).to_be_visible()
