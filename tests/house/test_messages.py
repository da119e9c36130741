"""Every message with which the loader can refuse a file stands in a unit test of it.

The messages are the texts in the calls that report mistakes; where one holds a placeholder of printf, the
words between placeholders are looked for."""
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests"))
from harness import Suite  # noqa: E402

REPORTERS = ("mistake_at", "mistake_value", "mistake_key", "mistake_type", "mistake_range", "mistake_brace",
             "scanner_note", "scanner_fail", "scanner_fail_here", "cover", "diags_add", "check_keys")
LITERAL = r'"(?:[^"\\\n]|\\.)*"'
LEAST_WORDS = 5  # letters of a piece that is worth looking for

suite = Suite("messages")


def read(pattern):
    text = ""
    for path in sorted(glob.glob(os.path.join(ROOT, pattern))):
        with open(path, encoding="utf-8") as file:
            text += re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    return text


def joined(text):
    """Adjacent literals are one."""
    return re.sub(r'"\s*\n\s*"', "", text)


def call_at(text, start):
    """The text of a call whose opening bracket stands at start."""
    depth, at = 0, start
    while True:
        literal = re.compile(LITERAL + "|'(?:[^'\\\\]|\\\\.)'").match(text, at)
        if literal:
            at = literal.end()
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            return text[start:at]


def messages():
    source = joined(read("src/scenario/*.c"))
    names = dict(re.findall(r"static const char (\w+)\[\] =\s*(" + LITERAL + ")", source))
    found = set()
    for match in re.finditer(r"\b(?:%s)(?=\()" % "|".join(REPORTERS), source):
        call = call_at(source, match.end())
        found.update(re.findall(LITERAL, call))
        found.update(names[word] for word in re.findall(r"\b[A-Z]{3,}\b", call) if word in names)
    found.update(re.findall(r"problem = (%s)" % LITERAL, source))
    return found


@suite.case
def every_message_is_in_a_test(_):
    tests = joined(read("tests/unit/test_scenario_*.c"))
    missing = []
    for message in sorted(messages()):
        pieces = [piece.strip() for piece in re.split(r"%(?:\.\d+)?(?:ll)?[sdu]", message[1:-1])]
        pieces = [piece for piece in pieces if len(re.findall("[a-z]", piece)) >= LEAST_WORDS]
        if any(piece not in tests for piece in pieces):
            missing.append(message)
    assert len(messages()) > 60, "the calls are not found: %d messages" % len(messages())
    assert not missing, "no test shows:\n  " + "\n  ".join(missing)


suite.finish()
