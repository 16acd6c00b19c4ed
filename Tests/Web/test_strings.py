"""What the page says: all of it from the catalogues, and in every language alike."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

web = (Path(__file__).parent / "../../Web").resolve()
languages = sorted(path.stem for path in (web / "strings").glob("*.js"))

# Every text and every label a person can meet, with what stands in it.
spoken_texts = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest("script, style, noscript, .markdown, .remark-text, [data-untranslated]")) found.push(walker.currentNode.data);
  }
  for (const node of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
    for (const name of ["aria-label", "title", "placeholder", "alt"]) if (node.hasAttribute(name)) found.push(node.getAttribute(name));
  return found;
}"""


def catalogue(language):
    text = (web / "strings" / f"{language}.js").read_text()
    body = text[text.index("Object.freeze({") + len("Object.freeze("):text.rindex(")")]
    body = re.sub(r"^\s*//.*$", "", body, flags=re.M)
    body = re.sub(r'"\s*\+\s*"', "", body)
    return json.loads(re.sub(r",\s*}$", "}", body))


def blanks(text):
    return sorted(set(re.findall(r"\{\w+\}", text)))


def test_english_german_and_chinese_are_there():
    assert languages == ["de", "en", "zh"]


@pytest.mark.parametrize("language", [name for name in languages if name != "en"])
def test_every_language_has_the_same_keys_and_the_same_blanks(language):
    english, other = catalogue("en"), catalogue(language)
    assert sorted(other) == sorted(english)
    assert {key: blanks(other[key]) for key in english} == {key: blanks(english[key]) for key in english}
    assert [key for key, text in other.items() if text.strip() == ""] == []


def test_every_string_is_used():
    sources = "\n".join(path.read_text() for path in web.rglob("*.js")
                        if "vendor" not in path.parts and path.parent.name != "strings")
    made = [re.escape(head) + r"[\w.]+" + re.escape(tail)
            for head, tail in re.findall(r"`([\w.]+\.)\$\{[^`}]*\}([\w.]*)`", sources)]
    assert [key for key in catalogue("en")
            if f'"{re.sub(r"[.](one|other)$", "", key)}"' not in sources
            and not any(re.fullmatch(pattern, key) for pattern in made)] == []


def test_nothing_is_said_that_no_catalogue_holds(someone):
    """The page in a language whose every sentence stands in brackets: what is said without is not from there."""
    bracketed = {key: f"⟦{text}⟧" for key, text in catalogue("en").items()}
    body = f"export const catalogue = Object.freeze({json.dumps(bracketed)});"
    someone.context.route("**/strings/en.js", lambda route: route.fulfill(
        content_type="text/javascript", body=body))
    data = []
    someone.page.on("response", lambda reply: data.append(reply))
    page = someone.go("/")
    assistant = someone.has_assistant("Reader", "chat_retrieval", llm_type=someone.built_in_model)
    someone.has_file("bears.md", "# Bears\n\nBears eat salmon and honey.", assistant_id=assistant["assistant_id"])
    loose = set()
    for path in someone.screens(assistant):
        someone.go(path)
        someone.settle()
        loose |= {piece for text in page.evaluate(spoken_texts) for piece in loose_pieces(text)}
    known = "\n".join(reply.text() for reply in data if "json" in (reply.headers.get("content-type") or ""))
    known = known.replace("\\n", "\n").replace('\\"', '"').replace("\\/", "/")
    assert sorted(piece for piece in loose if piece not in known) == []


def loose_pieces(text):
    """What stands outside the brackets, but for addresses, and numbers with their unit, which the browser itself words."""
    for piece in re.split(r"⟦[^⟧]*⟧| · ", text):
        if re.search(r"[^\W\d_]{2,}", piece) and not re.fullmatch(r"\s*([\d.,]+\s?\w+|https?:\S+)\s*", piece):
            yield piece.strip()


@pytest.mark.parametrize("language, word", [("de", "Was möchtest du wissen?"), ("zh", "你想了解什么？")])
def test_the_page_speaks_the_language_of_the_browser_and_another_when_asked(visit, language, word):
    visitor = visit(locale={"de": "de-AT", "zh": "zh-CN"}[language])
    visitor.has_assistant()
    page = visitor.go("/")
    expect(page.get_by_role("heading", name=word)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == language
    page.goto("/#/settings/language")
    page.locator("#settings-language").select_option("en")
    expect(page.get_by_role("heading", name="Language")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
