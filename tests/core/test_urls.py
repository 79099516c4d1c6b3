"""Addresses of pages, and which of them are one page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.urls import MAX_LENGTH, is_http_url, page_key

KEY = "blog.example/path-or-people"

NOT_HTTP = [
    "",
    "blog.example/a",
    "//blog.example/a",
    "/a",
    "ftp://blog.example/a",
    "javascript:alert(1)",
    "http:blog.example",
    "http:/blog.example",
    "http:///blog.example",
    "http://",
    "http://./",
    "http://?a",
    "http://blog example/",
    "http://blog.example/a b",
    " http://blog.example",
    "http://blog.example\n",
    "http://blog.example\\@evil.example",
    "http://blog.example:99999/",
    "http://[::1",
    "http://\ud800/",
    "http://blog.example/\ud800",
    "http://blog.example/\0",
    "http://user@blog.example/",
    "http://user:secret@blog.example/",
    "http://blog.example/" + "a" * MAX_LENGTH,
    "http://blog.example/" + "é" * (MAX_LENGTH // 2),
]

addresses = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["blog.example", "Blog.Example.", "bücher.example:8080", "[::1]", "127.1"]),
    st.text("/aB.~%7eE2fé", max_size=20).map("/{}".format),
    st.text("?&=;+%2Bautm_gclid", max_size=30).map("?{}".format),
    st.just("#top"),
)


@pytest.mark.parametrize(
    "url",
    [
        "https://blog.example/path-or-people",
        "http://blog.example/path-or-people",
        "HTTPS://Blog.EXAMPLE/path-or-people",
        "https://blog.example:443/path-or-people",
        "http://blog.example:80/path-or-people",
        "https://blog.example./path-or-people",
        "https://blog.example/path-or-people/",
        "https://blog.example/path-or-people//",
        "https://blog.example/path-or-people?",
        "https://blog.example/path-or-people#comments",
        "https://blog.example/x/../path-or-people",
        "https://blog.example/path%2Dor%2dpeople",
        "https://blog.example/path-or-people?utm_source=feed&UTM_Medium=rss",
        "https://blog.example/path-or-people/?fbclid=a&gclid=b#top",
        "https://blog.example/path-or-people?utm%5Fsource=feed",
    ],
)
def test_the_same_page_has_one_key(url: str) -> None:
    assert page_key(url) == KEY


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://blog.example", "blog.example"),
        ("https://blog.example/Path", "blog.example/Path"),
        ("https://blog.example:8443/a", "blog.example:8443/a"),
        ("https://www.blog.example/a", "www.blog.example/a"),
        ("https://blog.example/?p=7", "blog.example?p=7"),
        ("https://blog.example/a?b=2&a=1&b=3", "blog.example/a?b=2&a=1&b=3"),
        ("https://blog.example/a?b=2&utm_id=x&a=1", "blog.example/a?b=2&a=1"),
        ("https://blog.example/a?reference=x", "blog.example/a?reference=x"),
        ("https://blog.example/a%2Fb", "blog.example/a%2Fb"),
        ("https://blog.example/100%", "blog.example/100%25"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://blog.example/für", "blog.example/f%C3%BCr"),
        ("https://blog.example/f%c3%bcr", "blog.example/f%C3%BCr"),
    ],
)
def test_the_key_keeps_what_tells_pages_apart(url: str, key: str) -> None:
    assert page_key(url) == key


@pytest.mark.parametrize("url", NOT_HTTP)
def test_what_is_no_http_address_has_no_key(url: str) -> None:
    assert not is_http_url(url)
    with pytest.raises(ValueError, match=r"."):
        page_key(url)


@given(st.one_of(st.text(st.characters(exclude_categories=())), addresses))
def test_any_string_has_a_key_or_is_no_http_address(url: str) -> None:
    try:
        page_key(url)
    except ValueError:
        assert not is_http_url(url)
    else:
        assert is_http_url(url)


@given(addresses)
def test_a_key_is_the_key_of_itself(url: str) -> None:
    assert page_key(f"https://{page_key(url)}") == page_key(url)


@given(addresses)
def test_a_key_is_ascii_and_no_longer_than_an_address_may_be(url: str) -> None:
    assert page_key(url).isascii()
    assert len(page_key(url)) <= MAX_LENGTH
