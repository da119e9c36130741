"""The exported page: self-contained, small, and the same picture as the window's in a real browser (headless
Chromium, driven through chromedriver by plain HTTP)."""
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import ROOT, Skip, Suite, contains, equal, run, write  # noqa: E402

suite = Suite("page")


def make_page(folder, scenario="three-writers", *options):
    trace, page = os.path.join(folder, "t.jsonl"), os.path.join(folder, "x.html")
    path = scenario if os.sep in scenario else os.path.join("scenarios", scenario + ".json")
    run("run", "--quiet", "--backend", "sim", "--trace", trace, path)
    run("export", trace, "-o", page, "--quiet", *options, status=0)
    with open(page, encoding="utf-8") as file:
        return page, trace, file.read()


def data_of(text):
    packed = base64.b64decode(re.search(r'id="trace">([A-Za-z0-9+/=]+)</script>', text).group(1), validate=True)
    unpacker = zlib.decompressobj(-15)
    data = unpacker.decompress(packed) + unpacker.flush()
    assert unpacker.eof and not unpacker.unused_data, "the packed data ends where it should"
    return json.loads(data)


class Browser:
    """with Browser(1280, 800) as browser: a session of chromedriver's."""

    def __init__(self, width, height):
        if not (shutil.which("chromedriver") and shutil.which("chromium")):
            raise Skip("chromium and chromedriver are not installed (make deps test)")
        self.arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                          "--window-size=%d,%d" % (width, height)]

    def __enter__(self):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                       text=True)
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                break
        self.base = "http://127.0.0.1:%s/session" % found.group(1)
        made = self.ask("POST", "", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": {
            "binary": shutil.which("chromium"), "args": self.arguments}}}})
        self.base += "/" + made["sessionId"]
        return self

    def __exit__(self, *_):
        self.ask("DELETE", "")
        self.driver.terminate()
        self.driver.wait()
        self.driver.stdout.close()

    def ask(self, method, path, body=None):
        data = None if method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def phone(self, width, height):
        """No window of a desktop is as narrow as that."""
        self.ask("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": width, "height": height, "deviceScaleFactor": 2, "mobile": True}})

    def open(self, path):
        self.ask("POST", "/url", {"url": "file://" + path})

    def script(self, text):
        return self.ask("POST", "/execute/sync", {"script": text, "args": []})

    def key(self, key):
        self.ask("POST", "/actions", {"actions": [{"type": "key", "id": "k", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def click(self, selector):
        element = self.ask("POST", "/element", {"using": "css selector", "value": selector})
        self.ask("POST", "/element/%s/click" % list(element.values())[0])

    def at(self):
        """The event shown, once nothing moves any more."""
        for _ in range(600):
            told = self.script("const d = document.documentElement.dataset; return [d.at, d.rests]")
            if told[1] == "true":
                return int(told[0])
            time.sleep(0.05)
        raise AssertionError("it never rests")


BUTTONS_PX = 82  # what is below has no button that the page leaves out
RIGHT, LEFT, HOME, END = "\ue014", "\ue012", "\ue011", "\ue010"


@suite.case
def it_is_one_file_that_loads_nothing(folder):
    _, _, text = make_page(folder)
    assert not re.search(r"(src|href)\s*=|@import|url\(|https?://|fetch\(|XMLHttp", text), "something is loaded"
    equal(len(data_of(text)["events"]) - 1, sum(1 for _ in open(os.path.join(folder, "t.jsonl"), encoding="utf-8")) - 1)


@suite.case
def texts_can_not_end_the_script(folder):
    hostile = write(folder, "h.json", json.dumps({"title": "</script><b>", "tasks": [
        {"name": "a", "steps": [{"log": "</script><script>alert(1)</script>"}]}]}))
    _, _, text = make_page(folder, hostile)
    equal(text.count("</script>"), 2)
    equal(data_of(text)["title"], "</script><b>")


@suite.case
def a_thousand_events_are_no_megabyte(folder):
    blocks = [{"open": "x-{task}.txt", "as": "f"}, {"repeat": 14, "steps": [
        {"write": {"bytes": "4KiB"}, "to": "f"}, {"log": "a block of {task} is written"}, {"sleep": "1ms"}]}, {"close": "f"}]
    many = write(folder, "m.json", json.dumps({"title": "Blocks", "tasks": [
        {"name": "write_" + letter, "steps": blocks} for letter in "abcd"]}))
    page, _, text = make_page(folder, many, "--to", "999")
    equal(len(data_of(text)["events"]), 1001)
    assert os.path.getsize(page) <= 1000000, os.path.getsize(page)


@suite.case
def the_range_is_taken(folder):
    _, _, text = make_page(folder, "three-writers", "--from", "10", "--to", "19")
    equal(len(data_of(text)["events"]), 11)


@suite.case
def clicks_and_keys_move_it(folder):
    page, _, text = make_page(folder)
    events = data_of(text)["events"]
    with Browser(1280, 800) as browser:
        browser.open(page)
        equal(browser.at(), 0)
        browser.click("#step")
        equal(browser.at(), 1)
        for _ in range(3):
            browser.key(RIGHT)
        equal(browser.at(), 4)
        contains(browser.script("return document.getElementById('caption').textContent"), events[4][0])
        equal(browser.script("return document.getElementById('caption').getAttribute('aria-live')"), "polite")
        browser.key(LEFT)
        equal(browser.at(), 3)
        browser.click("#back")
        equal(browser.at(), 2)
        browser.key(END)
        equal(browser.at(), len(events) - 1)
        browser.key(HOME)
        equal(browser.at(), 0)
        browser.script("document.getElementById('pace').value = 9; document.getElementById('pace').oninput({target: "
                       "document.getElementById('pace')})")
        browser.click("#play")
        equal(browser.at(), len(events) - 1)
        browser.script("const c = document.getElementById('time'), b = c.getBoundingClientRect(); c.onpointerdown("
                       "{clientX: b.left + b.width / 2})")
        assert 0 < browser.at() < len(events) - 1


@suite.case
def events_with_one_cause_are_played_as_one(folder):
    sleepers = write(folder, "s.json", json.dumps({"title": "Three", "tasks": [
        {"name": name, "steps": [{"sleep": "1ms"}, {"log": name}]} for name in ("ann", "bob", "cyd")]}))
    page, trace, text = make_page(folder, sleepers)
    with open(trace, encoding="utf-8") as file:
        kinds = [json.loads(line)["ev"] for line in list(file)[1:]]
    first = kinds.index("timer_fired")
    equal(kinds[first:first + 6], ["timer_fired", "callback_ready"] * 3)
    told, ms, ends, begins, *phases = data_of(text)["beats"][str(first)]
    equal((ends, ms), ([first + 2, first + 4, first + 6], 360 + 200 + 2 * 90))
    equal([round(t * ms) for t in begins], [0, 90, 180])
    assert len(phases) > 8
    with Browser(1280, 800) as browser:
        browser.open(page)
        browser.at()
        browser.script("const w = document.getElementById('where'); w.value = %d; w.oninput({target: w});"
                       "const d = document.documentElement, c = document.getElementById('caption'); window.seen = [];"
                       "new MutationObserver(() => seen.push([Number(d.dataset.at), c.textContent]))"
                       ".observe(d, {attributeFilter: ['data-at']})" % first)
        equal(browser.at(), first)
        browser.click("#play")
        browser.at()  # to the end
        seen = [at for at in browser.script("return seen") if first < at[0] <= first + 6]
        assert all(at in ends for at, _ in seen) and seen[-1][0] == ends[-1], seen
        assert all(words == told for _, words in seen), seen
        browser.script("const w = document.getElementById('where'); w.value = %d; w.oninput({target: w})" % first)
        browser.key(RIGHT)  # by key one at a time
        equal(browser.at(), first + 1)


@suite.case
def its_picture_is_the_windows(folder):
    if not shutil.which("convert"):
        raise Skip("ImageMagick is not installed")
    page, trace, text = make_page(folder)
    top = int(data_of(text)["top"])
    with Browser(1280, 800) as browser:
        browser.open(page)
        browser.at()
        for at in (24, 60):
            browser.script("const w = document.getElementById('where'); w.value = %d; w.oninput({target: w})" % (at + 1))
            equal(browser.at(), at + 1)
            shot, window = os.path.join(folder, "shot.png"), os.path.join(folder, "window.png")
            told = browser.script("return document.getElementById('stage').toDataURL()")
            with open(shot, "wb") as file:
                file.write(base64.b64decode(told.split(",")[1]))
            run("export", trace, "-o", window, "--at", str(at), status=0)
            pixels = [subprocess.run(["convert", path, "-crop", "1280x%d+0+%d" % (top - BUTTONS_PX, BUTTONS_PX), "+repage",
                                      "-resize", "320x%d!" % ((top - BUTTONS_PX) // 4),
                                      "-depth", "8", "rgb:-"], capture_output=True, check=True).stdout
                      for path in (shot, window)]
            equal(len(pixels[0]), len(pixels[1]))
            mean = sum(abs(a - b) for a, b in zip(*pixels)) / len(pixels[0])
            assert mean < 3, "event %d: %.2f" % (at, mean)


@suite.case
def it_is_read_on_a_phone(folder):
    page, _, _ = make_page(folder)
    with Browser(1280, 800) as browser:
        browser.phone(390, 844)
        browser.open(page)
        browser.at()
        equal(browser.script("return innerWidth"), 390)
        wide, caption, stage = browser.script(
            "return [document.documentElement.scrollWidth <= innerWidth, document.getElementById('caption').clientHeight,"
            " document.getElementById('stage').clientWidth]")
        assert wide and caption > 40 and stage >= 1000, (wide, caption, stage)


suite.finish()
