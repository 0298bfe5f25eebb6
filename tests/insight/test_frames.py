"""Stack traces as the languages print them: frames, innermost first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.insight.frames import Frame, foreign, mapped, package_of, read_trace

PYTHON = """Traceback (most recent call last):
  File "/srv/shop/shop/api.py", line 73, in dispatch
    return handler(request)
  File "/usr/lib/python3.11/json/decoder.py", line 337, in decode
    obj, end = self.raw_decode(s)
  File "/srv/shop/shop/cart.py", line 50, in total_cents
    total = total + sum_chunk(items)
            ~~~~~~^~~~~~~~~~~~~~~~~~
TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'"""

JAVA = """java.lang.IllegalStateException: order failed
\tat com.shop.Api.post(Api.java:12)
\tat java.base/java.lang.Thread.run(Thread.java:833)
Caused by: java.lang.NullPointerException: items
\tat com.shop.cart.Cart$Inner.sum(Cart.java:88)
\tat app//com.shop.CartKt.total(Cart.kt:9)
\tat com.shop.Native.call(Native Method)
\t... 17 more"""

NODE = """TypeError: Cannot read properties of undefined (reading 'price')
    at Cart.sum (/app/src/cart.js:88:21)
    at async Object.<anonymous> (file:///app/src/api.mjs:12:3)
    at /app/src/index.js:3:1
    at new Order (webpack://shop/./src/order.ts?1234:7:9)
    at node:internal/process/task_queues:95:5"""

GO = """panic: runtime error: invalid memory address or nil pointer dereference

goroutine 17 [running]:
shop/cart.(*Cart).Sum(0xc0000b2000, {0x1, 0x2})
\t/srv/build/cart/cart.go:88 +0x1d
main.main.func1.2()
\t/srv/build/main.go:12 +0x26
created by main.serve in goroutine 1
\t/srv/build/main.go:30 +0x99"""

RUBY = """/srv/app/lib/cart.rb:88:in `block (2 levels) in sum': undefined method `+' for nil:NilClass (NoMethodError)
\tfrom /srv/app/lib/cart.rb:80:in 'Shop::Cart#each_item'
\tfrom bin/serve.rb:3:in `<main>'"""

RUST = """thread 'main' panicked at src/cart.rs:88:9:
index out of bounds
stack backtrace:
   0: rust_begin_unwind
             at /rustc/90b35a6/library/std/src/panicking.rs:597:5
   1: shop::cart::sum::{{closure}}::h0123456789abcdef
             at ./src/cart.rs:88:9
   2: shop::main
             at ./src/main.rs:4:5"""

DOTNET = """System.NullReferenceException: Object reference not set
   at Shop.Cart.Sum(List`1 items) in C:\\build\\Shop\\Cart.cs:line 88
   at Shop.Api.<Post>d__3.MoveNext() in /src/Shop/Api.cs:line 12
   at System.Threading.Tasks.Task.Run()"""

PHP = """PHP Fatal error:  Uncaught TypeError: Unsupported operand types: int + null in /srv/app/src/Cart.php:88
Stack trace:
#0 /srv/app/src/Api.php(12): Shop\\Cart->sum(Array)
#1 [internal function]: Shop\\Api->post()
#2 /srv/app/index.php(3): Shop\\run()
#3 {main}
  thrown in /srv/app/src/Cart.php on line 88"""

GDB = """#0  0x00007ffff7a42428 in sum_cart (items=0x0, count=3) at src/cart.c:88
#1  main (argc=1, argv=0x7ffe) at src/main.c:12
#2  0x0000555555555 in a_long_name_of_a_function (first=0x1234567890, second=0x1234567890)
    at src/long.c:7"""

ASAN = """==1==ERROR: AddressSanitizer: heap-use-after-free
    #0 0x4f2b1a in sum_cart(cart*, int) /build/src/cart.cc:88:5
    #1 0x4f2c00 in shop::main /build/src/main.cc:12:3"""

EXPECTED = [
    (
        PYTHON,
        "Python",
        [
            ("/srv/shop/shop/cart.py", 50, "total_cents"),
            ("/usr/lib/python3.11/json/decoder.py", 337, "decode"),
            ("/srv/shop/shop/api.py", 73, "dispatch"),
        ],
    ),
    (
        JAVA,
        "JVM",
        [
            ("com/shop/cart/Cart.java", 88, "sum"),
            ("com/shop/Cart.kt", 9, "total"),
            ("com/shop/Api.java", 12, "post"),
            ("java/lang/Thread.java", 833, "run"),
        ],
    ),
    (
        NODE,
        "JavaScript",
        [
            ("/app/src/cart.js", 88, "sum"),
            ("/app/src/api.mjs", 12, ""),
            ("/app/src/index.js", 3, ""),
            ("src/order.ts", 7, "Order"),
            ("node:internal/process/task_queues", 95, ""),
        ],
    ),
    (
        GO,
        "Go",
        [
            ("/srv/build/cart/cart.go", 88, "Sum"),
            ("/srv/build/main.go", 12, "main"),
            ("/srv/build/main.go", 30, "serve"),
        ],
    ),
    (
        RUBY,
        "Ruby",
        [("/srv/app/lib/cart.rb", 88, "sum"), ("/srv/app/lib/cart.rb", 80, "each_item"), ("bin/serve.rb", 3, "<main>")],
    ),
    (
        RUST,
        "Rust",
        [
            ("/rustc/90b35a6/library/std/src/panicking.rs", 597, "rust_begin_unwind"),
            ("src/cart.rs", 88, "sum"),
            ("src/main.rs", 4, "main"),
        ],
    ),
    (DOTNET, ".NET", [("C:/build/Shop/Cart.cs", 88, "Sum"), ("/src/Shop/Api.cs", 12, "Post")]),
    (
        PHP,
        "PHP",
        [("/srv/app/src/Cart.php", 88, "sum"), ("/srv/app/src/Api.php", 12, "post"), ("/srv/app/index.php", 3, "")],
    ),
    (
        GDB,
        "native",
        [("src/cart.c", 88, "sum_cart"), ("src/main.c", 12, "main"), ("src/long.c", 7, "a_long_name_of_a_function")],
    ),
    (ASAN, "native", [("/build/src/cart.cc", 88, "sum_cart"), ("/build/src/main.cc", 12, "main")]),
]


@pytest.mark.parametrize(("text", "language", "frames"), EXPECTED, ids=[each[1] for each in EXPECTED])
def test_a_trace_of_a_language(text: str, language: str, frames: list[tuple[str, int, str]]) -> None:
    trace = read_trace(text)
    assert trace.language == language
    assert trace.frames == tuple(Frame(*each) for each in frames)


@pytest.mark.parametrize(("text", "language", "frames"), EXPECTED, ids=[each[1] for each in EXPECTED])
def test_a_trace_stands_in_a_log_among_other_lines(
    text: str, language: str, frames: list[tuple[str, int, str]]
) -> None:
    around = f"2026-11-23 10:02:11 ERROR unhandled\n{text}\n2026-11-23 10:02:12 INFO db.internal:5432 is back\r\n"
    assert read_trace(around).frames == tuple(Frame(*each) for each in frames)


def test_a_trace_in_json_has_its_line_ends_escaped() -> None:
    escaped = PYTHON.replace('"', '\\"').replace("\n", "\\n")
    assert read_trace(f'{{"level":"error","exc_info":"{escaped}"}}').frames == read_trace(PYTHON).frames


def test_of_chained_python_errors_the_cause_comes_first() -> None:
    def block(name: str) -> str:
        return f'Traceback (most recent call last):\n  File "{name}.py", line 1, in {name}\nError\n\n'

    cause = "The above exception was the direct cause of the following exception:\n\n"
    handling = "During handling of the above exception, another exception occurred:\n\n"
    named = [frame.function for frame in read_trace(block("a") + cause + block("b")).frames]
    assert named == ["a", "b"]
    assert [frame.function for frame in read_trace(block("a") + handling + block("b")).frames] == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "frames"),
    [
        (
            "** (ArithmeticError)\n    (shop 0.1.0) lib/shop/cart.ex:88: Shop.Cart.sum/1",
            [("lib/shop/cart.ex", 88, "sum")],
        ),
        ("Can't use undef at /srv/app/Cart.pm line 88.", [("/srv/app/Cart.pm", 88, "")]),
        ("lua: cart.lua:88: attempt to index nil", [("cart.lua", 88, "")]),
        ("0 errors at 10:02:11 on db.internal:5432", []),
        ("", []),
    ],
)
def test_in_a_language_without_a_form_files_with_lines_are_taken(text: str, frames: list[tuple[str, int, str]]) -> None:
    trace = read_trace(text)
    assert (trace.frames, trace.language) == (tuple(Frame(*each) for each in frames), "")


@given(st.text(max_size=300), st.sampled_from([each[0] for each in EXPECTED]), st.integers(0, 400))
def test_no_text_is_too_odd(text: str, trace: str, place: int) -> None:
    for frame in read_trace(trace[:place] + text + trace[place:]).frames:
        assert frame.path
        assert frame.line is not None
        assert frame.line >= 0


@pytest.mark.parametrize("letter", ["/", " ", "(", "a", "#0 ", "at ", "a.", ":1", "::", "at a(", "0: ", "\\n"])
def test_a_long_line_is_read_at_once(letter: str) -> None:
    assert (
        len(read_trace("\n".join([letter * 30_000, "    at " + letter * 30_000, "#0 " + letter * 30_000])).frames) < 9
    )


def test_what_stands_in_a_library_is_told() -> None:
    inside = Frame("/srv/app/.venv/lib/python3.11/site-packages/psycopg/cursor.py", 9, "execute")
    assert (foreign(inside), package_of(inside)) == (True, "psycopg")
    assert package_of(Frame("/app/node_modules/@aws/sdk/index.js", 1, "")) == "@aws/sdk"
    assert package_of(Frame("/root/go/pkg/mod/github.com/jackc/pgx@v5.1.0/conn.go", 1, "")) == "pgx"
    assert package_of(Frame("/usr/gems/rack-2.2.3/lib/rack.rb", 1, "")) == "rack"
    assert not foreign(Frame("/srv/app/shop/cart.py", 1, ""))


def test_the_longest_root_that_fits_is_replaced() -> None:
    roots = (("/srv", "all"), ("/srv/app/", "services/shop"))
    assert mapped(Frame("/srv/app/cart.py", 1, ""), roots).path == "services/shop/cart.py"
    assert mapped(Frame("/srv/application/cart.py", 1, ""), roots).path == "all/application/cart.py"
    assert mapped(Frame("/opt/cart.py", 1, ""), roots).path == "/opt/cart.py"
