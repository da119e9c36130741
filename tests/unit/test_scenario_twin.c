/* The Python twin: golden programs of the shipped scenarios, and what small ones become.
 * UPDATE_GOLDEN=1 rewrites tests/golden/twins/; the difference is for people to review. That the
 * programs are right is tests/conformance's to find out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const SHIPPED[] = {"await-finished",
                                      "awaiting-is-not-parallel",
                                      "back-pressure",
                                      "blocking-writes",
                                      "call-is-not-a-task",
                                      "cancel",
                                      "channels-ping-pong",
                                      "deadlock",
                                      "epoll-refuses-files",
                                      "frozen-loop",
                                      "gather",
                                      "group-error",
                                      "lock",
                                      "one-fails",
                                      "queue",
                                      "read-back",
                                      "sleep-zero",
                                      "sleepers",
                                      "spawn-and-await",
                                      "ten-thousand",
                                      "three-writers",
                                      "timeout",
                                      "two-tasks",
                                      "wait-first",
                                      "what-await-is"};

static void append_program(const Scenario *scenario, Buf *out) {
    Listing listing;
    scenario_list_python(scenario, &listing);
    for (uint32_t i = 0; i < listing.count; i++) {
        const ListingLine *line = &listing.lines[i];
        assert_null(strchr(line->text, '\n'));
        assert_int_equal(line->heading, strncmp(line->text, "async def ", 10) == 0);
        buf_printf(out, "%*s%s\n", (int)(4 * line->indent), "", line->text);
    }
    listing_finish(&listing);
}

static void the_shipped_ones_are_golden(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof SHIPPED / sizeof SHIPPED[0]; i++) {
        char path[128], golden[128];
        snprintf(path, sizeof path, "scenarios/%s.json", SHIPPED[i]);
        snprintf(golden, sizeof golden, "tests/golden/twins/%s.py", SHIPPED[i]);
        Diags diags = {0};
        Scenario *scenario = scenario_load(path, &diags);
        assert_non_null(scenario);
        Buf got = {0}, wanted = {0};
        append_program(scenario, &got);
        if (getenv("UPDATE_GOLDEN") != NULL) {
            FILE *file = fopen(golden, "wb");
            assert_non_null(file);
            assert_int_equal(fwrite(got.data, 1, got.size_bytes, file), got.size_bytes);
            assert_int_equal(fclose(file), 0);
        }
        FILE *file = fopen(golden, "rb");
        assert_non_null(file);
        char bytes[4096];
        for (size_t size = 0; (size = fread(bytes, 1, sizeof bytes, file)) > 0;) {
            buf_append(&wanted, bytes, size);
        }
        fclose(file);
        assert_string_equal(buf_text(&got), buf_text(&wanted));
        buf_finish(&got);
        buf_finish(&wanted);
        scenario_destroy(scenario);
    }
}

/* The program between its head and main, from the first `async def` on. */
static void check_bodies(const char *rest, const char *wanted) {
    Buf text = {0}, got = {0};
    buf_printf(&text, "{\"title\": \"t\", %s}", rest);
    Diags diags = {0};
    Scenario *scenario = scenario_load_text("t.json", text.data, text.size_bytes, &diags);
    assert_non_null(scenario);
    append_program(scenario, &got);
    char *bodies = strstr(got.data, "async def ");
    char *end = strstr(bodies, "\n\ndef tell_lost(");
    assert_non_null(end);
    *end = '\0';
    assert_string_equal(bodies, wanted);
    buf_finish(&text);
    buf_finish(&got);
    scenario_destroy(scenario);
}

static void texts_are_escaped(void **state) {
    (void)state;
    check_bodies("\"tasks\": [{\"name\": \"a\", \"count\": 2, \"steps\": ["
                 "{\"log\": \"\\\"{{{i}}}\\\" \\\\ \\n\\u007f\\u2028\\u20ac\"},"
                 "{\"log\": \"{{}} plain\"}, {\"log\": \"\"},"
                 "{\"note\": \"one\\ntwo {task}\\r\"}]}]",
                 "async def a(number):\n"
                 "    print(f\"\\\"{{{number}}}\\\" \\\\ \\n\\x7f\\u2028€\")\n"
                 "    print(\"{} plain\")\n"
                 "    print(\"\")\n"
                 "    # one\n"
                 "    # two {task} \n");
}

static void loops_have_indexes_of_their_own(void **state) {
    (void)state;
    check_bodies("\"tasks\": [{\"name\": \"a\", \"steps\": [{\"log\": \"{i}\"},"
                 "{\"repeat\": 2, \"steps\": [{\"repeat\": 3, \"steps\": [{\"log\": \"{i}\"}]},"
                 "{\"log\": \"{i}\"}, {\"repeat\": 0, \"steps\": []}]}]}]",
                 "async def a():\n"
                 "    print(\"0\")\n"
                 "    for i in range(2):\n"
                 "        for j in range(3):\n"
                 "            print(j)\n"
                 "        print(i)\n"
                 "        for _ in range(0):\n"
                 "            pass\n");
}

static void words_of_python_are_no_names(void **state) {
    (void)state;
    check_bodies("\"tasks\": [{\"name\": \"class\", \"steps\": ["
                 "{\"open\": \"x\", \"as\": \"print\", \"blocking\": true},"
                 "{\"spawn\": \"open\", \"as\": \"asyncio\"}, {\"await\": \"asyncio\"}]}],"
                 "\"coroutines\": {\"open\": [{\"sleep\": 0.25}], \"__x\": [], \"class\": [],"
                 "\"group_2\": [], \"i4\": [], \"error_2x\": []}",
                 "async def class_task():\n"
                 "    print_ = open(\"x\", \"wb\", buffering=0)\n"
                 "    asyncio_ = asyncio.create_task(open_(), name=\"asyncio\")\n"
                 "    await asyncio_\n"
                 "\n\n"
                 "async def open_():\n"
                 "    await asyncio.sleep(0.25)\n"
                 "\n\n"
                 "async def name__x():\n"
                 "    pass\n"
                 "\n\n"
                 "async def class_():\n"
                 "    pass\n"
                 "\n\n"
                 "async def group_2_():\n"
                 "    pass\n"
                 "\n\n"
                 "async def i4_():\n"
                 "    pass\n"
                 "\n\n"
                 "async def error_2x():\n"
                 "    pass\n");
}

static void what_is_shared_is_passed(void **state) {
    (void)state;
    check_bodies("\"tasks\": [{\"name\": \"a\", \"count\": 3, \"steps\": [{\"call\": \"make\"},"
                 "{\"write\": {\"bytes\": 2048}, \"to\": \"f\"}, {\"close\": \"f\"}]}],"
                 "\"coroutines\": {\"make\": [{\"open\": \"d/{i}\", \"as\": \"f\"},"
                 "{\"open\": \"own\", \"as\": \"g\", \"mode\": \"r\"},"
                 "{\"read\": 7, \"from\": \"g\", \"as\": \"t\"}, {\"log\": \"{t}\"}]}",
                 "async def a(number):\n"
                 "    names = Names()\n"
                 "    await make(names, number)\n"
                 "    await to_thread(names.f.write, b\"x\" * (2 * 1024))\n"
                 "    await to_thread(names.f.close)\n"
                 "\n\n"
                 "async def make(names, number):\n"
                 "    names.f = await to_thread(open_below, f\"d/{number}\", \"wb\")\n"
                 "    g = await to_thread(open, \"own\", \"rb\", buffering=0)\n"
                 "    t = (await to_thread(g.read, 7)).decode(\"utf-8\", \"replace\")\n"
                 "    print(t)\n");
}

static void a_name_that_is_not_set_is_an_error(void **state) {
    (void)state;
    check_bodies("\"tasks\": [{\"name\": \"a\", \"steps\": [{\"close\": \"f\"},"
                 "{\"open\": \"x\", \"as\": \"f\", \"blocking\": true}]}]",
                 "async def a():\n"
                 "    raise RuntimeError(\"name 'f' is not set\")\n"
                 "    f = open(\"x\", \"wb\", buffering=0)\n");
}

static void recursion_ends_at_a_thousand(void **state) {
    (void)state;
    check_bodies("\"tasks\": [{\"name\": \"a\", \"steps\": [{\"call\": \"deep\"}]}],"
                 "\"coroutines\": {\"deep\": [{\"call\": \"deep\"}]}",
                 "async def a():\n"
                 "    await deep(1)\n"
                 "\n\n"
                 "async def deep(depth):\n"
                 "    if depth > 1000:\n"
                 "        raise RecursionError(\"maximum recursion depth exceeded\")\n"
                 "    await deep(depth + 1)\n");
}

static void errors_have_names_of_their_own(void **state) {
    (void)state;
    check_bodies("\"tasks\": [{\"name\": \"a\", \"steps\": ["
                 "{\"try\": [{\"raise\": \"boom {i}\"}], \"except\": [{\"log\": \"{error}\"},"
                 "{\"try\": [{\"log\": \"{error}\"}], \"except\": [{\"log\": \"{error}\"}]}],"
                 "\"finally\": []}, {\"try\": [], \"except\": []}]}]",
                 "async def a():\n"
                 "    try:\n"
                 "        raise RuntimeError(\"boom 0\")\n"
                 "    except Exception as error:\n"
                 "        print(error)\n"
                 "        try:\n"
                 "            print(error)\n"
                 "        except Exception as error_2:\n"
                 "            print(error_2)\n"
                 "    finally:\n"
                 "        pass\n"
                 "    try:\n"
                 "        pass\n"
                 "    except Exception:\n"
                 "        pass\n");
}

static void what_tasks_share_are_methods(void **state) {
    (void)state;
    check_bodies("\"locks\": [\"main\"], \"semaphores\": {\"s\": 2}, \"events\": [\"e\"],"
                 "\"queues\": {\"q\": 0}, \"tasks\": [{\"name\": \"b\", \"steps\": ["
                 "{\"with\": \"main\", \"steps\": []}, {\"acquire\": \"s\"}, {\"release\": \"s\"},"
                 "{\"wait_event\": \"e\"}, {\"set_event\": \"e\"}, {\"clear_event\": \"e\"},"
                 "{\"put\": \"\", \"in\": \"q\"}, {\"get\": \"q\", \"as\": \"t\"},"
                 "{\"put\": \"{t}!\", \"in\": \"q\"}, {\"get\": \"q\"}, {\"cancel\": \"b\"}]}]",
                 "async def b():\n"
                 "    async with main_:\n"
                 "        pass\n"
                 "    await s.acquire()\n"
                 "    s.release()\n"
                 "    await e.wait()\n"
                 "    e.set()\n"
                 "    e.clear()\n"
                 "    await q.put(\"\")\n"
                 "    t = await q.get()\n"
                 "    await q.put(f\"{t}!\")\n"
                 "    await q.get()\n"
                 "    tasks[\"b\"].cancel()\n");
}

static void groups_make_their_tasks(void **state) {
    (void)state;
    check_bodies("\"tasks\": [{\"name\": \"a\", \"steps\": [{\"timeout\": \"1.5s\", \"steps\": ["
                 "{\"group\": [{\"spawn\": \"c\", \"as\": \"x\"}, {\"group\": ["
                 "{\"spawn\": \"c\", \"as\": \"y\"}]}, {\"gather\": [\"x\", \"b\"]}]},"
                 "{\"wait\": [\"x\", \"y\"]}, {\"wait\": [\"z\", \"x\"], \"until\": \"first\"},"
                 "{\"wait\": [\"b\"], \"until\": \"first\"}, {\"spawn\": \"c\", \"as\": \"z\"}]}]},"
                 "{\"name\": \"b\", \"steps\": []}], \"coroutines\": {\"c\": []}",
                 "async def a():\n"
                 "    async with asyncio.timeout(1.5):\n"
                 "        async with asyncio.TaskGroup() as group:\n"
                 "            x = group.create_task(c(), name=\"x\")\n"
                 "            async with asyncio.TaskGroup() as group_2:\n"
                 "                y = group_2.create_task(c(), name=\"y\")\n"
                 "            await asyncio.gather(x, tasks[\"b\"])\n"
                 "        await asyncio.wait([x, y])\n"
                 "        raise RuntimeError(\"name 'z' is not set\")\n"
                 "        await asyncio.wait([tasks[\"b\"]], return_when=asyncio.FIRST_COMPLETED)\n"
                 "        z = asyncio.create_task(c(), name=\"z\")\n"
                 "\n\n"
                 "async def b():\n"
                 "    pass\n"
                 "\n\n"
                 "async def c():\n"
                 "    pass\n");
}

static void a_thread_is_a_function(void **state) {
    (void)state;
    check_bodies(
        "\"tasks\": [{\"name\": \"a\", \"steps\": [{\"open\": \"x\", \"as\": \"f\"}, {\"thread\": ["
        "{\"write\": \"{i}\", \"to\": \"f\"}, {\"open\": \"y\", \"as\": \"f\"},"
        "{\"open\": \"z\", \"as\": \"g\", \"mode\": \"r\"},"
        "{\"open\": \"z\", \"as\": \"own\", \"mode\": \"r\"},"
        "{\"repeat\": 2, \"steps\": [{\"read\": 7, \"from\": \"own\", \"as\": \"t\"}]}]},"
        "{\"log\": \"{t}\"}, {\"close\": \"f\"}, {\"thread\": [{\"close\": \"g\"}]}]}]",
        "async def a():\n"
        "    f = await to_thread(open, \"x\", \"wb\", buffering=0)\n"
        "\n"
        "    def work():\n"
        "        nonlocal f\n"
        "        f.write(b\"0\")\n"
        "        f = open(\"y\", \"wb\", buffering=0)\n"
        "        g = open(\"z\", \"rb\", buffering=0)\n"
        "        own = open(\"z\", \"rb\", buffering=0)\n"
        "        for _ in range(2):\n"
        "            t = own.read(7).decode(\"utf-8\", \"replace\")\n"
        "        return g, t\n"
        "\n"
        "    g, t = await to_thread(work)\n"
        "    print(t)\n"
        "    await to_thread(f.close)\n"
        "\n"
        "    def work_2():\n"
        "        g.close()\n"
        "\n"
        "    await to_thread(work_2)\n");
}

/* What it reads before it sets it is the coroutine's; an error leaves open what is set. */
static void a_thread_may_use_the_tasks_names(void **state) {
    (void)state;
    check_bodies("\"tasks\": [{\"name\": \"a\", \"steps\": [{\"try\": [{\"thread\": ["
                 "{\"open\": \"y\", \"as\": \"f\"}]}, {\"thread\": [{\"close\": \"f\"},"
                 "{\"open\": \"z\", \"as\": \"f\"}, {\"open\": \"z\", \"as\": \"g\"}]}],"
                 "\"finally\": [{\"close\": \"g\"}]}]}]",
                 "async def a():\n"
                 "    names = Names()\n"
                 "    try:\n"
                 "\n"
                 "        def work():\n"
                 "            names.f = open(\"y\", \"wb\", buffering=0)\n"
                 "\n"
                 "        await to_thread(work)\n"
                 "\n"
                 "        def work_2():\n"
                 "            names.f.close()\n"
                 "            names.f = open(\"z\", \"wb\", buffering=0)\n"
                 "            names.g = open(\"z\", \"wb\", buffering=0)\n"
                 "\n"
                 "        await to_thread(work_2)\n"
                 "    finally:\n"
                 "        await to_thread(names.g.close)\n");
}

static void channels_are_sockets(void **state) {
    (void)state;
    check_bodies(
        "\"channels\": [\"c\"], \"tasks\": [{\"name\": \"a\", \"steps\": ["
        "{\"send\": \"x{i}\", \"to\": \"c.a\"}, {\"send\": {\"bytes\": 2048}, \"to\": \"c.b\"},"
        "{\"receive\": 7, \"from\": \"c.a\"}, {\"receive\": \"8MiB\", \"from\": \"c.b\","
        "\"as\": \"t\"}, {\"send\": \"{t}\", \"to\": \"c.a\"}, {\"shut\": \"c.b\"}]}]",
        "async def a():\n"
        "    loop = asyncio.get_running_loop()\n"
        "    await loop.sock_sendall(c_a, b\"x0\")\n"
        "    await loop.sock_sendall(c_b, b\"x\" * (2 * 1024))\n"
        "    await loop.sock_recv(c_a, 7)\n"
        "    t = (await loop.sock_recv(c_b, 1 * 1024 * 1024)).decode(\"utf-8\", \"replace\")\n"
        "    await loop.sock_sendall(c_a, f\"{t}\".encode())\n"
        "    c_b.close()\n");
}

/* A caught error leaves open whether what the "try" gives is set; what both ways give is sure. */
static void a_name_that_may_be_set_is_asked(void **state) {
    (void)state;
    check_bodies(
        "\"queues\": {\"q\": 0}, \"tasks\": [{\"name\": \"a\", \"steps\": ["
        "{\"try\": [{\"get\": \"q\", \"as\": \"x\"}, {\"get\": \"q\", \"as\": \"y\"}],"
        "\"except\": [{\"get\": \"q\", \"as\": \"y\"}], \"finally\": [{\"log\": \"{x}\"}]},"
        "{\"log\": \"{y}\"}]}, {\"name\": \"b\", \"steps\": [{\"call\": \"c\"},"
        "{\"repeat\": 2, \"steps\": [{\"get\": \"q\", \"as\": \"x\"}, {\"log\": \"{x}\"}]}]}],"
        "\"coroutines\": {\"c\": [{\"try\": [{\"log\": \"{z}\"}], \"finally\": ["
        "{\"get\": \"q\", \"as\": \"z\"}]}]}",
        "async def a():\n"
        "    names = Names()\n"
        "    try:\n"
        "        names.x = await q.get()\n"
        "        y = await q.get()\n"
        "    except Exception:\n"
        "        y = await q.get()\n"
        "    finally:\n"
        "        print(names.x)\n"
        "    print(y)\n"
        "\n\n"
        "async def b():\n"
        "    names = Names()\n"
        "    await c(names)\n"
        "    for _ in range(2):\n"
        "        x = await q.get()\n"
        "        print(x)\n"
        "\n\n"
        "async def c(names):\n"
        "    try:\n"
        "        print(names.z)\n"
        "    finally:\n"
        "        names.z = await q.get()\n");
}

static void each_step_has_its_line(void **state) {
    (void)state;
    static const char TEXT[] =
        "{\"title\": \"t\", \"tasks\": [{\"name\": \"a\", \"steps\": [{\"log\": \"x\"},"
        "{\"repeat\": 2, \"steps\": [{\"sleep\": 0}]}]}]}";
    static const struct {
        const char *at, *text;
        bool awaits;
    } WANTED[] = {{"/tasks/0/steps/0", "print(\"x\")", false},
                  {"/tasks/0/steps/1", "for _ in range(2):", false},
                  {"/tasks/0/steps/1/steps/0", "await asyncio.sleep(0)", true}};
    Diags diags = {0};
    Scenario *scenario = scenario_load_text("t.json", TEXT, strlen(TEXT), &diags);
    assert_non_null(scenario);
    Listing listing;
    scenario_list_python(scenario, &listing);
    for (size_t i = 0; i < sizeof WANTED / sizeof WANTED[0]; i++) {
        const int32_t line = listing_line_of(&listing, WANTED[i].at);
        assert_true(line >= 0);
        assert_string_equal(listing.lines[line].text, WANTED[i].text);
        assert_int_equal(listing.lines[line].awaits, WANTED[i].awaits);
        assert_string_equal(listing.lines[listing_section(&listing, (uint32_t)line)].text,
                            "async def a():");
    }
    listing_finish(&listing);
    scenario_destroy(scenario);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_ones_are_golden),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(loops_have_indexes_of_their_own),
        cmocka_unit_test(words_of_python_are_no_names),
        cmocka_unit_test(what_is_shared_is_passed),
        cmocka_unit_test(a_name_that_is_not_set_is_an_error),
        cmocka_unit_test(recursion_ends_at_a_thousand),
        cmocka_unit_test(errors_have_names_of_their_own),
        cmocka_unit_test(what_tasks_share_are_methods),
        cmocka_unit_test(groups_make_their_tasks),
        cmocka_unit_test(a_thread_is_a_function),
        cmocka_unit_test(a_thread_may_use_the_tasks_names),
        cmocka_unit_test(channels_are_sockets),
        cmocka_unit_test(a_name_that_may_be_set_is_asked),
        cmocka_unit_test(each_step_has_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
