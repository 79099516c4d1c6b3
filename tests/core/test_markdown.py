"""Markdown becomes HTML that is safe to show, whatever was written."""

from html import unescape

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forum.core.markdown import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, RendersTooLong, render, spoken
from tests.cost import ORDINARY_TEXT, SOME, times_as_costly
from tests.html_judge import unsafe_parts

FORMS = ["[a]({})", "[a](<{}>)", "[a]\n\n[a]: {}", "<{}>", "![a]({})"]
REL = 'rel="nofollow ugc noopener"'
ACTIVE_TAGS = {"base", "embed", "form", "iframe", "img", "input", "link", "math", "meta", "object"}
ACTIVE_TAGS |= {"script", "style", "svg", "template", "textarea", "video"}

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)
marks = st.sampled_from(
    ["[", "](", ")", "<", ">", "![", "`", "```", "*", "~~", "\\", '"', "|", "&lt;"]
)
starts = st.sampled_from(["\n", "\n\n", "> ", "- ", "1. ", "# ", "    ", "[a]: ", "a | b\n--|--\n"])
addresses = st.sampled_from(
    ["javascript:", "&#x6a;", "data:", "//a", "http://a.example", "mailto:"]
)
raw = st.sampled_from(["<script>", "<img src=x onerror=alert(1)>", " onclick=a", "<!--", "]]>"])
written = st.lists(st.one_of(words, marks, starts, addresses, raw), max_size=30).map("".join)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>"),
        ("# A\n\n---", "<h1>A</h1>\n<hr>"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("7. a\n8. b", '<ol start="7">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("- a", "<ul>\n<li>a</li>\n</ul>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("```python\na\n```", '<pre><code class="language-python">a\n</code></pre>'),
        ('```a"onclick\na\n```', "<pre><code>a\n</code></pre>"),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    assert render(markdown).rstrip("\n") == html


def test_tables_are_rendered() -> None:
    html = render("a | b\n--|--\nc | d")
    assert "<th>a</th>" in html
    assert "<td>d</td>" in html


def test_links_tell_search_engines_that_a_reader_wrote_them() -> None:
    assert render("[a](https://a.example/)") == f'<p><a href="https://a.example/" {REL}>a</a></p>\n'


def test_a_link_has_no_title_of_its_own() -> None:
    assert "title" not in render('[a](https://a.example/ "b")')


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/b_c_d",
        "http://a.example/__init__.py",
        "https://a.example/?a=1&copy=2",
        "HTTPS://a.example",
    ],
)
def test_a_bare_address_becomes_a_link(address: str) -> None:
    [link] = html5lib.parseFragment(render(f"see ({address})")).findall(".//{*}a")
    assert link.get("href") == address


@pytest.mark.parametrize("address", ["a.b+c_d@mail.example", "A@B.EXAMPLE"])
@pytest.mark.parametrize("form", ["[a](mailto:{})", "<mailto:{}>", "<{}>"])
def test_an_address_of_mail_becomes_a_link(form: str, address: str) -> None:
    [link] = html5lib.parseFragment(render(form.format(address))).findall(".//{*}a")
    assert link.get("href").lower() == f"mailto:{address.lower()}"


@pytest.mark.parametrize("text", ["main.py", "a@b.example", "www.a.example", "xhttp://a.example"])
def test_what_only_resembles_an_address_stays_text(text: str) -> None:
    assert "<a" not in render(text)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt&colon;alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,a",
        "vbscript:a",
        "ftp://a.example",
        "tel:1",
        "/relative",
        "relative",
        "#fragment",
        "?query",
        "//a.example",
        "http:a.example",
        "http:///a.example",
        "\\\\a.example",
        "mailto:",
        "mailto:a",
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_other_addresses_do_not_become_links(form: str, address: str) -> None:
    assert "<a" not in render(form.format(address))


@pytest.mark.parametrize(
    "more",
    ["?subject=b", "?subject=%0d%0aBcc:c", "&quest;bcc=c@d.example", "%0d%0aBcc:c", ",c@d.example"],
)
@pytest.mark.parametrize("form", FORMS)
def test_a_link_to_an_address_of_mail_says_nothing_else(form: str, more: str) -> None:
    html = html5lib.parseFragment(render(form.format(f"mailto:a@b.example{more}")))
    links = html.findall(".//{*}a")
    assert {link.get("href") for link in links} <= {"mailto:a@b.example"}


@pytest.mark.parametrize("html", ["<script>alert(1)</script>", "<b onclick=a>b</b>", "<!-- a -->"])
def test_raw_html_stays_text(html: str) -> None:
    assert unescape(render(html)) == f"<p>{html}</p>\n"


def test_an_image_is_not_fetched() -> None:
    assert "<img" not in render("![a](https://a.example/a.png)")


@given(written)
@example("[a](http://a.example\n'onclick=b)")
def test_whatever_is_written_the_html_is_safe(markdown: str) -> None:
    assert unsafe_parts(render(markdown)) == []


def test_the_allow_list_holds_nothing_active() -> None:
    assert not ALLOWED_TAGS & ACTIVE_TAGS
    assert set().union(*ALLOWED_ATTRIBUTES.values()) == {"href", "class", "start"}


@pytest.mark.parametrize(
    "html",
    [
        "<script>a</script>",
        "<p onclick=a>",
        "<p style=a>",
        "<p title=a>",
        f"<a href='javascript:a' {REL}>",
        f"<a href='\x01java\nscript:a' {REL}>",
        f"<a href='/a' {REL}>",
        f"<a href='//a' {REL}>",
        f"<a href='http:a' {REL}>",
        "<a href='https://a.example'>",
        "<a href='https://a.example' rel=nofollow>",
        "<ol start=a>",
        "<code class='language-a b'>",
        "<svg><a xlink:href='javascript:a'>",
        "<math>",
        "<img>",
        "<!-- a -->",
    ],
)
def test_the_judge_finds_what_is_unsafe(html: str) -> None:
    assert unsafe_parts(f"<p>a</p>{html}") != []


@pytest.mark.parametrize(
    "markdown",
    [
        "[" * 10_000,
        "//:" * 3_333,
        "http://[" * 1_250,
        "<http://a." * 1_000,
        "[a](<b" * 1_666,
        "*a_ " * 2_500,
        "> " * 5_000,
        "a|" * 5_000,
        "\n".join("  " * depth + "* a" for depth in range(95)),
        "".join("e" + "`" * length for length in range(140)),
        "https://a.example?" + "*" * 9_900 + "a",
    ],
)
def test_a_hostile_text_costs_no_more_than_some_ordinary_ones(markdown: str) -> None:
    assert times_as_costly(lambda: render(markdown), lambda: render(ORDINARY_TEXT)) < SOME


def test_what_a_hostile_text_says_costs_no_more_than_what_an_ordinary_one_says() -> None:
    hostile, ordinary = render("[" * 9_990 + " @ada"), render(ORDINARY_TEXT)
    assert "".join(spoken(hostile)).endswith("@ada\n")
    cost = times_as_costly(lambda: list(spoken(hostile)), lambda: list(spoken(ordinary)))
    assert cost < 5


@pytest.mark.parametrize(
    "markdown",
    [
        "[a]: https://x/" + "\N{GRINNING FACE}" * 160 + "\n\n" + "[a] " * 1_240,
        '[a]: https://x/ "' + "t" * 4_900 + '"\n\n' + "[a] " * 1_240,
    ],
)
def test_a_text_that_grows_beyond_measure_is_refused(markdown: str) -> None:
    with pytest.raises(RendersTooLong):
        render(markdown)


def test_an_address_of_unusual_length_does_not_become_a_link() -> None:
    assert "<a" not in render("[a](https://x/" + "y" * 2_000 + ")")


def test_a_table_with_short_rows_keeps_its_size() -> None:
    columns, rows = 128, 512
    markdown = "|a" * columns + "|\n" + "|-" * columns + "|\n" + "|a|\n" * rows
    assert len(render(markdown)) < 30 * len(markdown)
