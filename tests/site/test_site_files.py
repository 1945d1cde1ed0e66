"""The site as files: how large its pages are, and that none asks for anything from elsewhere."""

from pathlib import Path


def test_pages_are_small_and_share_style_and_script(published_site):
    for name in ("index.html", "sv/index.html", "en/index.html"):
        assert (published_site / name).stat().st_size < 300_000
    for code in ("00", "03", "14"):
        folder = published_site / "sv" / code
        for page in folder.glob("*.html"):
            own = [page, *folder.glob(f"{page.stem}-*.png")]
            assert sum(file.stat().st_size for file in own) < 1_500_000, page
    for page in published_site.rglob("*.html"):
        text = page.read_text("utf-8")
        assert "<style" not in text and "assets/style.css" in text, page
        assert "base64," not in text, page


def test_no_page_names_another_host_to_load_from(published_site):
    suspicious = ("src=\"http", "src=\"//", "url(http", "url(//", "@import", "fetch(", "XMLHttp",
                  "sendBeacon", "import(", "WebSocket", "<iframe", "<object", "<embed")  # fmt: skip
    files = [f for kind in ("html", "css", "js") for f in published_site.rglob(f"*.{kind}")]
    assert len(files) > 300
    for file in files:
        text = file.read_text("utf-8")
        assert not [word for word in suspicious if word in text], Path(file).name
