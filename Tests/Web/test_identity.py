"""Who comes in: the first-run link, sign-in by password and through an OpenID provider, roles, sharing, budgets."""

import json
import os
import signal
import subprocess
import sys
import urllib.parse

import pytest
from playwright.sync_api import expect

from daemon import Daemon, free_port, wait_until_listening
from visitor import Visitor

password = "correct horse battery"

pytestmark = pytest.mark.skipif("OPENGPTS_URL" in os.environ, reason="needs daemons of its own")


class Installation:
    """A daemon of its own, and the people who come to it."""

    def __init__(self, browser, url, data):
        self.browser, self.url, self.data = browser, url, data
        self.visitors = []

    def visitor(self, **circumstances):
        visitor = Visitor(self.browser, self.url, **circumstances)
        self.visitors.append(visitor)
        return visitor

    @property
    def first_run_link(self):
        return (self.data / "first-run-link").read_text().strip()

    def make_first_account(self, visitor):
        page = visitor.page
        page.goto(self.first_run_link)
        page.get_by_label("Name", exact=True).fill("Cara Stone")
        page.get_by_label("User name").fill("cara")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Make the account").click()
        expect(page.get_by_role("link", name="Assistants")).to_be_visible(timeout=30_000)


@pytest.fixture(scope="module")
def install(browser, model_url, tmp_path_factory):
    """Starts a daemon with these settings; all of them end with the module."""
    daemons = []

    def start(**settings):
        daemon = Daemon(tmp_path_factory.mktemp("identity"), model_url, settings)
        daemons.append((daemon.__enter__(), Installation(browser, daemon.url, daemon.data)))
        return daemons[-1][1]

    yield start
    for daemon, installation in daemons:
        for visitor in installation.visitors:
            visitor.contexts.take_back(visitor.context)
        daemon.stop(signal.SIGTERM)


@pytest.fixture(scope="module")
def local(install):
    installation = install(auth_type="local", backup_every="off")
    installation.admin = installation.visitor()
    installation.make_first_account(installation.admin)
    return installation


@pytest.fixture(scope="module")
def provider():
    port = free_port()
    user = json.dumps({"sub": "anna-1", "email": "anna@example.com", "name": "Anna Berg", "email_verified": True})
    with subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "--user-claims", user],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as mock:
        wait_until_listening(port)
        yield f"http://127.0.0.1:{port}"
        mock.terminate()


def test_the_first_run_link_makes_an_administrator_and_is_then_no_longer_good(local):
    page = local.admin.go("/settings/account")
    expect(page.locator(".facts")).to_contain_text("Administrator")
    assert not (local.data / "first-run-link").exists()
    stranger = local.visitor()
    page = stranger.go("/assistants")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert stranger.path.startswith("/sign-in")
    expect(page.get_by_role("navigation")).to_be_hidden()
    stranger.go("/first-run?token=made-up")
    expect(page.get_by_role("alert")).to_contain_text("no longer good")


def add_user(local, login, name, role):
    page = local.admin.go("/settings/users")
    page.get_by_role("button", name="Add a user").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("User name").fill(login)
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Role").select_option(label=role)
    dialog.get_by_role("button", name="Add a user").click()
    secret = page.locator(".secret code").inner_text()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    return secret


def sign_in(visitor, login, secret):
    page = visitor.go("/")
    page.get_by_label("User name").fill(login)
    page.get_by_label("Password").fill(secret)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Password")).to_have_count(0, timeout=30_000)
    return page


def test_a_viewer_signs_in_uses_what_is_shared_and_is_shut_out_while_at_it(local):
    secret = add_user(local, "vera", "Vera", "Viewer")
    admin = local.admin
    assistant = admin.has_assistant("Handbook", system_message="never tell")
    page = admin.go(f"/assistant/{assistant['assistant_id']}/edit")
    page.get_by_label("Share with").fill("ver")
    page.get_by_role("button", name="Vera").click()
    expect(page.locator(".card-row").filter(has_text="Vera")).to_be_visible()

    vera = local.visitor()
    wrong = vera.go("/")
    wrong.get_by_label("User name").fill("vera")
    wrong.get_by_label("Password").fill("not the password")
    wrong.get_by_role("button", name="Sign in").click()
    expect(wrong.get_by_role("alert")).to_contain_text("wrong")
    page = sign_in(vera, "vera", secret)
    expect(page.get_by_role("combobox", name="Assistant")).to_contain_text("Handbook")
    vera.go("/settings/account")
    expect(page.get_by_text("Somebody else knows your password")).to_be_visible()
    expect(page.get_by_role("link", name="Users", exact=True)).to_have_count(0)
    vera.go("/assistants")
    expect(page.get_by_role("heading", name="Shared with you")).to_be_visible()
    expect(page.get_by_role("link", name="Handbook")).to_be_visible()
    assert "never tell" not in json.dumps(vera.call("GET", f"/assistants/{assistant['assistant_id']}"))

    admin.go("/settings/users")
    row = admin.page.locator(".card-row").filter(has_text="vera")
    row.get_by_role("button").click()
    admin.page.get_by_role("menuitem", name="Disable").click()
    expect(row.get_by_text("disabled")).to_be_visible()
    page.get_by_role("link", name="Handbook").click()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_key_is_shown_once_and_works_until_it_is_revoked(local):
    page = local.admin.go("/settings/keys")
    page.get_by_label("What it is for").fill("nightly script")
    page.get_by_role("button", name="Make a key").click()
    key = page.locator(".secret code").inner_text()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    ask = lambda: local.browser.new_context(base_url=local.url).request.get(
        "/threads", headers={"Authorization": f"Bearer {key}"}).status
    assert ask() == 200
    row = page.locator(".card-row").filter(has_text="nightly script")
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row).to_contain_text("revoked")
    assert ask() == 401


def test_budgets_and_groups_are_set_and_all_of_it_is_on_record(local):
    page = local.admin.go("/settings/budget")
    page.get_by_label("Answers at once").fill("7")
    page.get_by_label("US dollars a month").fill("12.5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert local.admin.call("GET", "/admin/budget") == {"concurrent_runs": 7, "microdollars_per_month": 12_500_000}
    local.admin.go("/settings/account")
    expect(page.locator(".facts")).to_contain_text("7 answers at once, 12.5 US dollars a month")
    local.admin.go("/settings/groups")
    page.get_by_role("button", name="Add a group").click()
    page.get_by_role("dialog").get_by_label("Name of the group").fill("Sales")
    page.get_by_role("dialog").get_by_role("button", name="Add a group").click()
    expect(page.locator(".card-row").filter(has_text="Sales")).to_contain_text("0 members")
    local.admin.go("/settings/audit")
    for action in ("group.create", "budget.set", "key.revoke", "user.create"):
        expect(page.locator(".card-row").filter(has_text=action).first).to_be_visible()
    page.get_by_label("Only actions of").select_option("budget")
    expect(page.locator(".card-row")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_and_the_administration_are_for_everybody(local, scheme):
    from test_everybody import check_with_axe
    stranger = local.visitor(scheme=scheme, phone=True)
    for path in ("/sign-in", "/first-run?token=x"):
        stranger.go(path)
        check_with_axe(stranger)
    assert stranger.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if scheme == "dark":
        local.admin.page.emulate_media(color_scheme="dark")
    for section in ("account", "sessions", "keys", "users", "groups", "budget", "audit"):
        local.admin.go(f"/settings/{section}")
        check_with_axe(local.admin)


def test_the_companys_sign_in_brings_people_in(install, provider):
    installation = install(
        auth_type="jwt_oidc", auth_jwt_issuer=provider, auth_oidc_client_id="opengpts",
        auth_oidc_client_secret="hush", auth_oidc_label="Example Corp", auth_admins="anna@example.com")
    anna = installation.visitor()
    page = anna.go("/assistants")
    page.get_by_role("link", name="Sign in with Example Corp").click()
    page.get_by_role("button", name="anna-1").click()
    expect(page.get_by_role("heading", name="Assistants", exact=True)).to_be_visible()
    assert anna.path == "/assistants"
    anna.go("/settings/account")
    expect(page.locator(".facts")).to_contain_text("Administrator")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Anna Berg")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("link", name="Sign in with Example Corp").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("alert")).to_contain_text("not completed")
    assert urllib.parse.urlparse(page.url).netloc == urllib.parse.urlparse(installation.url).netloc


def test_an_administrator_makes_proves_and_deletes_a_backup(local):
    page = local.admin.go("/settings/backups")
    expect(page.get_by_text("There is none yet.")).to_be_visible()
    page.get_by_role("button", name="Make a backup now").click()
    expect(page.get_by_text("The backup is made.")).to_be_visible(timeout=20_000)
    rows = page.get_by_role("list", name="Backups").get_by_role("listitem")
    expect(rows).to_have_count(1)
    rows.get_by_role("button").click()
    page.get_by_role("menuitem", name="Verify").click()
    expect(page.get_by_text("The backup is sound.")).to_be_visible(timeout=20_000)
    rows.get_by_role("button").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_session_that_ended_is_said_and_what_was_typed_is_kept(local, phone):
    login = "olga-phone" if phone else "olga-desktop"
    secret = add_user(local, login, "Olga", "Viewer")
    olga = local.visitor(phone=phone)
    page = sign_in(olga, login, secret)
    expect(page.get_by_role("heading", name="Nothing is shared with you yet")).to_be_visible()
    olga.go("/assistants")
    expect(page.get_by_role("link", name="New assistant")).to_have_count(0)

    assistant = local.admin.has_assistant(f"For {login}")
    local.admin.call("PUT", f"/assistants/{assistant['assistant_id']}",
                     {"name": assistant["name"], "config": assistant["config"], "public": True})
    olga.start_with(assistant)
    olga.ask("[[say hello]]")
    chat = olga.path
    olga.composer.fill("[[say hello again]]")
    [user] = [user for user in local.admin.call("GET", "/admin/users") if user["login"] == login]
    local.admin.call("DELETE", f"/admin/users/{user['user_id']}/sessions")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    page.get_by_label("User name").fill(login)
    page.get_by_label("Password").fill(secret)
    page.get_by_role("button", name="Sign in").click()
    expect(olga.composer).to_have_value("[[say hello again]]", timeout=30_000)
    assert olga.path == chat
    page.get_by_role("button", name="Send").click()
    expect(olga.last_answer).to_have_text("hello again")
