"""Choosing a model, setting one up, and what models took."""

from playwright.sync_api import expect


def test_the_picker_says_what_a_model_can(someone):
    page = someone.go("/assistants/new")
    picker = page.locator(".model-picker").first
    expect(picker.locator("optgroup")).not_to_have_count(0)
    picker.locator("select").select_option("GPT 4o")
    expect(picker.locator(".model-facts")).to_contain_text("OpenAI")
    expect(picker.locator(".model-facts")).to_contain_text("calls tools")
    picker.locator("select").select_option("Claude 2")
    expect(picker.locator(".model-facts")).to_contain_text("not set up")


def test_an_administrator_sets_a_model_up_and_takes_it_away(someone, model_url, needs_model):
    page = someone.go("/settings/models")
    page.get_by_role("button", name="Add a model").click()
    page.get_by_label("Name").fill("My own")
    page.get_by_label("Who serves it").select_option("compatible")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("model")
    page.get_by_label("Model", exact=True).fill("scripted")
    page.get_by_label("Address").fill(model_url)
    page.get_by_label("Price of what it reads").fill("2")
    page.get_by_label("Price of what it writes").fill("8")
    page.get_by_role("button", name="Save").click()
    row = page.locator(".model-row", has_text="My own")
    expect(row).to_contain_text("$2.00 in, $8.00 out")

    someone.start_with(someone.has_assistant(llm_type="My own"))
    someone.ask("[[say It is me]]")
    expect(someone.last_answer).to_have_text("It is me")
    page = someone.go("/settings/usage")
    page.get_by_label("Summed up by").select_option("model")
    expect(page.get_by_role("row", name="My own")).to_contain_text("$0.0001")

    page = someone.go("/settings/models")
    page.get_by_role("button", name="Remove My own").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
