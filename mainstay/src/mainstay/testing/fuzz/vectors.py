"""What is sent instead of what was asked for: injections, values at and beyond every limit, and wrong types.

Every text that could turn up elsewhere carries MARK, every calculation that somebody could be tricked into has the
result PRODUCT, and every file that somebody could be tricked into reading holds LEAK.
"""

from dataclasses import dataclass

MARK = "qzx7k"
PRODUCT = "1343433"
LEAK = "root:x:0:0"
# Longer than an answer may take, shorter than a statement may.
SLEEP_SECONDS = 25


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that are sent as they are: JSON that no encoder writes, or octets of an address."""

    content: bytes


SQL = (
    f"{MARK}' OR '1'='1' --",
    f"{MARK}'; DROP TABLE identity_person; --",
    f"{MARK}') UNION SELECT NULL, NULL --",
    f"{MARK}'||(SELECT pg_sleep({SLEEP_SECONDS}))||'",
    f"(SELECT 1 FROM pg_sleep({SLEEP_SECONDS})) /*{MARK}*/",  # noqa: S608  an attack
    f"{MARK} DESC, (SELECT 1/0)",
    f'{MARK}" AS x, "',
    f"{MARK}\\",
    f"{MARK}%' ESCAPE '!",
    f"$1 :{MARK} %s %({MARK})s $$ @>",
)
TEMPLATE = tuple(
    f"{MARK}{text}" for text in ("{{191919*7}}", "${191919*7}", "<%= 191919*7 %>", "#{191919*7}", "{0}{x}")
)
TRAVERSAL = ("/etc/passwd", "../../../../../../etc/passwd", f"file:///etc/passwd#{MARK}", f"..\\..\\..\\{MARK}")
LINES = (
    f"{MARK}\r\nSet-Cookie: {MARK}=1",
    f"{MARK}\r\n\r\n<html>",
    f"{MARK}\nLocation: https://{MARK}.example",
    f"{MARK}\u2028\u2029\u0085\x0b",
    f"{MARK}\x1b[31mred\x1b[0m\x07",
)
SCRIPTS = (
    f"<script>{MARK}</script>",
    f'"><img src=x onerror={MARK}()>',
    f"javascript:{MARK}()",
    f"</title><svg/onload={MARK}()>",
    f'=HYPERLINK("https://{MARK}.example")',
)
COMMANDS = (
    f"{MARK}; expr 191919 \\* 7",
    f"{MARK}$(expr 191919 \\* 7)",
    f"{MARK}`expr 191919 \\* 7`",
    f"| cat /etc/passwd # {MARK}",
)
DIRECTORY = (f"*)(uid=*))(|(uid=*{MARK}", f"{MARK})(&(objectClass=*)")
ELSEWHERE = (f"//{MARK}.example/", f"https://{MARK}.example", f"\\\\{MARK}.example\\x")
WRITING = (
    f"\u202e{MARK}\u202c",
    f"\ufeff\u200b\u200d{MARK}",
    "Z\u0351\u036b\u0343\u036a" * 20,
    "\ufdfa" * 50,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "İıſßǅ",
    "\ud7ff\ue000\uffff\U0010ffff",
)
PATTERNS = (f"({MARK}+)+$", "[", "*", "%", "_", "& | ! <-> :*", "'", '"', "\\", "?", "#", "/", ".", "..", "-", "--")
PLAIN = ("", " ", "\t\n", "0", "-1", "null", "true", "[]", "{}", "NaN", "Infinity", "1e400", "undefined", "a" * 300)
# Several at once: whatever a place is open for, one visit is enough.
TOGETHER = (
    f"{MARK}'\"><script>{{{{191919*7}}}}${{191919*7}}$(expr 191919 \\* 7)</script>\r\nX: 1; --",
    f"{{{{191919*7}}}}{MARK}' OR 1=1; /*\x1b[31m*/ -- ${{191919*7}}",
    f"//{MARK}.example/\r\nSet-Cookie: {MARK}=1\r\n\r\n<script>{MARK}</script>'\";--",
)
# By what they attack: a kind is chosen first, so that a large one does not crowd out the others.
TEXTS = (
    SQL, TEMPLATE, TRAVERSAL, LINES, SCRIPTS, COMMANDS, DIRECTORY, ELSEWHERE, WRITING, PATTERNS, PLAIN, TOGETHER,
    TOGETHER,
)  # fmt: skip

# In bodies only: JSON that Python would not write.
JSON_TEXTS = (
    Raw(b'"a\\u0000b"'),
    Raw(b'"\\ud800"'),
    Raw(b'"\\udc00\\ud800"'),
    Raw(b'"\\ud83d\\ude00"'),
    Raw(b'"\xff\xfe"'),
    Raw(b'"\xed\xa0\x80"'),
    Raw(b'"line\nbreak"'),
    Raw(b'"' + b"q" * 20_000 + b'"'),
    Raw(b'"' + b"\\u202e" * 300 + b'"'),
)
# In addresses only: octets that are no text.
OCTETS = (
    Raw(b"%00"),
    Raw(b"a%00b"),
    Raw(b"%ff%fe"),
    Raw(b"%ed%a0%80"),
    Raw(b"%c0%ae%c0%ae%c0%af"),
    Raw(b"%0d%0aSet-Cookie:%20" + MARK.encode() + b"=1"),
    Raw(b"%2e%2e%2f%2e%2e%2fetc%2fpasswd"),
    Raw(b"%252e%252e%252f"),
    Raw(b"%zz%"),
    Raw(b"q" * 5_000),
    Raw("\u0661\u0662".encode()),
)
NUMBERS: tuple[object, ...] = (
    0,
    -1,
    1,
    2**31 - 1,
    2**31,
    -(2**31) - 1,
    2**53 + 1,
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    2**64,
    10**40,
    0.1,
    1.5,
    -0.0,
    1e308,
    Raw(b"1e400"),
    Raw(b"-1e400"),
    Raw(b"1e-400"),
    Raw(b"NaN"),
    Raw(b"-Infinity"),
    Raw(b"9" * 5_000),
    Raw(b"0x10"),
    Raw(b"01"),
)
DECIMALS = (
    "0",
    "-0",
    "-1",
    "0.001",
    "0.0000000000000000000001",
    "99999999999999999999999999",
    "1e100000",
    "1E-100000",
    "NaN",
    "sNaN",
    "-Infinity",
    "1_000",
    " 1 ",
    "+1",
    "1,5",
    "\u0663",
    "0x10",
    "9" * 5_000,
)
MOMENTS = (
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "+012026-01-01",
    "-0001-01-01",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-03-29T02:30:00+02:00",
    "2026-06-30T23:59:60Z",
    "2026-01-01T00:00:00",
    "1e11",
    "99999999999999999",
    "24:00",
    "23:59:59.999999999",
    "P1Y",
)
IDS = (
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "018F5A3E-0000-7000-8000-ABCDEFABCDEF",
    "018f5a3e00007000800000abcdefabcd",
    "{018f5a3e-0000-7000-8000-00abcdefabcd}",
    "urn:uuid:018f5a3e-0000-7000-8000-00abcdefabcd",
    "018f5a3e-0000-7000-8000-00abcdefabcg",
    "1",
)
NAMES = (
    f"{MARK}@localhost",
    f"a@{'b' * 250}.example",
    f'"{MARK} x"@shop.example',
    f"{MARK}@xn--\u0434.example",
    f"a@b\r\nBcc: {MARK}@shop.example",
    "anna@m\u00fcller.example",
    "@",
)
WRONG: tuple[object, ...] = (
    None,
    True,
    [],
    {},
    [[]],
    [None],
    {"$ne": None},
    {MARK: {MARK: 1}},
    {"__proto__": {"role": "owner"}, "__class__": MARK},
    ["x"] * 2_000,
)
