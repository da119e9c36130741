/* What scenarios become: the program, instruction for instruction, and the values in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/decimal.h"
#include "scenario/scenario.h"

#include <inttypes.h>
#include <string.h>

static Scenario *load(const char *text) {
    Diags diags = {0};
    Scenario *scenario = scenario_load_text("f.json", text, strlen(text), &diags);
    for (size_t i = 0; i < diags.count; i++) {
        print_message("%u:%u %s\n", diags.items[i].line, diags.items[i].column,
                      diags.items[i].message);
    }
    assert_non_null(scenario);
    diags_finish(&diags);
    return scenario;
}

/* ---- a program as text ---- */

static void dump_template(const Program *program, uint32_t index, Buf *out) {
    const Template *all = &program->templates[index];
    buf_append_text(out, " \"");
    for (uint32_t i = 0; i < all->count; i++) {
        const Piece *piece = &program->pieces[all->first + i];
        switch (piece->kind) {
        case PIECE_TEXT:
            buf_append(out, piece->text, piece->length);
            break;
        case PIECE_NAME:
            buf_printf(out, "<%s>", program->names[piece->name].text);
            break;
        default:
            buf_append_text(out, piece->kind == PIECE_TASK   ? "<TASK>"
                                 : piece->kind == PIECE_LOOP ? "<LOOP>"
                                 : piece->kind == PIECE_COPY ? "<COPY>"
                                                             : "<ERROR>");
        }
    }
    buf_append_char(out, '"');
}

static void dump_arg(const Program *program, const Instr *instr, Buf *out) {
    switch ((OpCode)instr->op) {
    case OP_LOG:
    case OP_PUT:
    case OP_RAISE:
    case OP_NOTE:
    case OP_OPEN:
    case OP_WRITE_TEXT:
        dump_template(program, instr->arg, out);
        break;
    case OP_READ:
    case OP_GET:
        if (instr->arg != PROGRAM_NONE) {
            buf_printf(out, " as=%s", program->names[instr->arg].text);
        }
        break;
    case OP_SPAWN:
    case OP_CALL:
        buf_printf(out, " body=%s", program->bodies[instr->arg].name);
        break;
    case OP_REPEAT:
    case OP_NEXT:
    case OP_TRY:
    case OP_TRIED:
        buf_printf(out, " pc=%d", (int)instr->arg);
        break;
    default:
        assert_int_equal(instr->arg, PROGRAM_NONE);
    }
}

static void dump_instr(const Program *program, uint32_t pc, Buf *out) {
    static const char *const OPS[OP_CODE_COUNT] = {
        "log",        "note",      "compute",     "sleep",   "open",    "write_text", "write_fill",
        "read",       "fsync",     "close",       "spawn",   "await",   "call",       "return",
        "repeat",     "next",      "cancel",      "with",    "without", "acquire",    "release",
        "wait_event", "set_event", "clear_event", "put",     "get",     "raise",      "try",
        "tried",      "excepted",  "finally",     "finished"};
    const Instr *instr = &program->code[pc];
    buf_printf(out, "%u %s", pc, OPS[instr->op]);
    if (instr->name != PROGRAM_NONE) {
        const Name *name = &program->names[instr->name];
        buf_printf(out, " %s%s", name->text, name->global ? "(global)" : "");
    }
    if (instr->imm != 0) {
        buf_printf(out, " %" PRIu64, instr->imm);
    }
    if (instr->mode != 0) {
        buf_printf(out, " mode=%u", instr->mode);
    }
    dump_arg(program, instr, out);
    if ((instr->flags & INSTR_BLOCKING) != 0) {
        buf_append_text(out, " blocking");
    }
    buf_printf(out, "%s%s\n", instr->at == PROGRAM_NONE ? "" : " @",
               instr->at == PROGRAM_NONE ? "" : program->pointers[instr->at]);
}

static void check_dump(const char *text, const char *wanted) {
    Scenario *scenario = load(text);
    const Program *program = scenario->program;
    Buf out = {0};
    for (uint32_t i = 0; i < program->task_count; i++) {
        const ProgramTask *task = &program->tasks[i];
        buf_printf(&out, "task %s x%u%s pc=%u\n", task->name, task->count,
                   task->numbered ? " numbered" : "", program->bodies[task->body].entry);
    }
    for (uint32_t pc = 0; pc < program->code_count; pc++) {
        for (uint32_t i = 0; i < program->body_count; i++) {
            if (program->bodies[i].entry == pc) {
                buf_printf(&out, "%s:\n", program->bodies[i].name);
            }
        }
        dump_instr(program, pc, &out);
    }
    assert_string_equal(buf_text(&out), wanted);
    buf_finish(&out);
    scenario_destroy(scenario);
}

static void every_step_has_its_instruction(void **state) {
    (void)state;
    check_dump("{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":["
               "{\"log\":\"hi {task}\"},{\"note\":\"\"},{\"compute\":0.5},{\"sleep\":0},"
               "{\"open\":\"x\",\"as\":\"f\"},{\"open\":\"y{i}\",\"as\":\"f\",\"mode\":\"a\"},"
               "{\"open\":\"x\",\"as\":\"g\",\"mode\":\"r\",\"blocking\":true},"
               "{\"write\":\"t\",\"to\":\"f\"},{\"write\":{\"bytes\":\"64KiB\"},\"to\":\"f\","
               "\"blocking\":true},"
               "{\"read\":7,\"from\":\"g\"},{\"read\":\"1KiB\",\"from\":\"g\",\"as\":\"v\","
               "\"blocking\":false},"
               "{\"fsync\":\"f\"},{\"fsync\":\"f\",\"blocking\":true},{\"close\":\"f\"},"
               "{\"close\":\"g\",\"blocking\":true},{\"log\":\"{v}\"}]}]}",
               "task a x1 pc=0\n"
               "a:\n"
               "0 log \"hi <TASK>\" @/tasks/0/steps/0\n"
               "1 note \"\" @/tasks/0/steps/1\n"
               "2 compute 500000000 @/tasks/0/steps/2\n"
               "3 sleep @/tasks/0/steps/3\n"
               "4 open f mode=1 \"x\" @/tasks/0/steps/4\n"
               "5 open f mode=2 \"y<COPY>\" @/tasks/0/steps/5\n"
               "6 open g mode=3 \"x\" blocking @/tasks/0/steps/6\n"
               "7 write_text f \"t\" @/tasks/0/steps/7\n"
               "8 write_fill f 65536 blocking @/tasks/0/steps/8\n"
               "9 read g 7 @/tasks/0/steps/9\n"
               "10 read g 1024 as=v @/tasks/0/steps/10\n"
               "11 fsync f @/tasks/0/steps/11\n"
               "12 fsync f blocking @/tasks/0/steps/12\n"
               "13 close f @/tasks/0/steps/13\n"
               "14 close g blocking @/tasks/0/steps/14\n"
               "15 log \"<v>\" @/tasks/0/steps/15\n"
               "16 return\n");
}

static void bodies_follow_each_other(void **state) {
    (void)state;
    check_dump(
        "{\"coroutines\":{\"c\":[{\"call\":\"d\"},{\"spawn\":\"c\"}],\"d\":[]},\"title\":\"t\","
        "\"tasks\":[{\"name\":\"a\",\"steps\":[{\"spawn\":\"c\",\"as\":\"k\"},{\"await\":\"k\"},"
        "{\"await\":\"b\"}]},{\"name\":\"b\",\"steps\":[]},"
        "{\"name\":\"m\",\"count\":3,\"steps\":[{\"call\":\"d\"}]},{\"name\":\"n\",\"count\":1,"
        "\"steps\":[]}]}",
        "task a x1 pc=0\n"
        "task b x1 pc=4\n"
        "task m x3 numbered pc=5\n"
        "task n x1 pc=7\n"
        "a:\n"
        "0 spawn k body=c @/tasks/0/steps/0\n"
        "1 await k @/tasks/0/steps/1\n"
        "2 await b(global) @/tasks/0/steps/2\n"
        "3 return\n"
        "b:\n"
        "4 return\n"
        "m:\n"
        "5 call body=d @/tasks/2/steps/0\n"
        "6 return\n"
        "n:\n"
        "7 return\n"
        "c:\n"
        "8 call body=d @/coroutines/c/0\n"
        "9 spawn body=c @/coroutines/c/1\n"
        "10 return\n"
        "d:\n"
        "11 return\n");
}

static void repeats_are_pairs_and_know_their_index(void **state) {
    (void)state;
    check_dump(
        "{\"title\":\"t\",\"coroutines\":{\"c\":[{\"log\":\"{i}\"}]},\"tasks\":[{\"name\":\"a\","
        "\"steps\":["
        "{\"log\":\"{i}\"},{\"repeat\":2,\"steps\":[{\"log\":\"{i}\"},{\"repeat\":1e3,\"steps\":["
        "{\"call\":\"c\"}]},{\"repeat\":0,\"steps\":[]}]},{\"log\":\"{i}\"}]}]}",
        "task a x1 pc=0\n"
        "a:\n"
        "0 log \"<COPY>\" @/tasks/0/steps/0\n"
        "1 repeat 2 pc=9 @/tasks/0/steps/1\n"
        "2 log \"<LOOP>\" @/tasks/0/steps/1/steps/0\n"
        "3 repeat 1000 pc=6 @/tasks/0/steps/1/steps/1\n"
        "4 call body=c @/tasks/0/steps/1/steps/1/steps/0\n"
        "5 next pc=3\n"
        "6 repeat pc=8 @/tasks/0/steps/1/steps/2\n"
        "7 next pc=6\n"
        "8 next pc=1\n"
        "9 log \"<COPY>\" @/tasks/0/steps/2\n"
        "10 return\n"
        "c:\n"
        "11 log \"<COPY>\" @/coroutines/c/0\n"
        "12 return\n");
}

static void what_a_try_has_not_is_left_out(void **state) {
    (void)state;
    check_dump("{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":["
               "{\"try\":[{\"raise\":\"x\"}],\"except\":[{\"log\":\"{error}\"}],\"finally\":[]},"
               "{\"try\":[],\"finally\":[]},{\"try\":[],\"except\":[]}]}]}",
               "task a x1 pc=0\n"
               "a:\n"
               "0 try 6 pc=3 @/tasks/0/steps/0\n"
               "1 raise \"x\" @/tasks/0/steps/0/try/0\n"
               "2 tried pc=5\n"
               "3 log \"<ERROR>\" @/tasks/0/steps/0/except/0\n"
               "4 excepted\n"
               "5 finally\n"
               "6 finished\n"
               "7 try 9 pc=-1 @/tasks/0/steps/1\n"
               "8 finally\n"
               "9 finished\n"
               "10 try pc=12 @/tasks/0/steps/2\n"
               "11 tried pc=13\n"
               "12 excepted\n"
               "13 return\n");
}

static void braces_and_escapes_become_text(void **state) {
    (void)state;
    check_dump("{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":["
               "{\"log\":\"{{{task}}} {{x}} \\u00e9\\ud83d\\ude00\\n\"},{\"log\":\"}}{{\"}]}]}",
               "task a x1 pc=0\n"
               "a:\n"
               "0 log \"{<TASK>} {x} é😀\n\" @/tasks/0/steps/0\n"
               "1 log \"}{\" @/tasks/0/steps/1\n"
               "2 return\n");
}

/* ---- values ---- */

static uint64_t imm_of(const char *verb, const char *value) {
    Buf text = {0};
    buf_printf(&text, "{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":[");
    buf_printf(&text,
               strcmp(verb, "bytes") == 0
                   ? "{\"open\":\"x\",\"as\":\"f\"},{\"write\":{\"%s\":%s},\"to\":\"f\"}"
                   : "{\"log\":\"\"},{\"%s\":%s}",
               verb, value);
    buf_append_text(&text, "]}]}");
    Scenario *scenario = load(text.data);
    const uint64_t imm = scenario->program->code[1].imm;
    scenario_destroy(scenario);
    buf_finish(&text);
    return imm;
}

typedef struct ValueCase {
    const char *text;
    uint64_t value;
} ValueCase;

static void durations_are_exact(void **state) {
    (void)state;
    static const ValueCase CASES[] = {
        {"0", 0},
        {"-0", 0},
        {"0.0", 0},
        {"0e99", 0},
        {"1", 1000000000},
        {"0.1", 100000000},
        {"1e-9", 1},
        {"0.000000001", 1},
        {"1e-10", 1}, /* finer than a nanosecond: still a sleep */
        {"1.0000000001", 1000000001},
        {"1e9", UINT64_C(1000000000000000000)},
        {"1000000000", UINT64_C(1000000000000000000)},
        {"1E+2", 100000000000},
        {"\"250us\"", 250000},
        {"\"20ms\"", 20000000},
        {"\"1.5s\"", 1500000000},
        {"\"0s\"", 0},
        {"\"0.001us\"", 1},
        {"\"0.0001us\"", 1},
        {"\"0001.500ms\"", 1500000},
        {"\"1000000000s\"", UINT64_C(1000000000000000000)},
        {"\"123456789.123456789s\"", UINT64_C(123456789123456789)},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_int_equal(imm_of("sleep", CASES[i].text), CASES[i].value);
    }
}

static void sizes_are_exact(void **state) {
    (void)state;
    static const ValueCase CASES[] = {
        {"0", 0},
        {"1", 1},
        {"2.0", 2},
        {"1e3", 1000},
        {"12.5e1", 125},
        {"100e-2", 1},
        {"9007199254740992", UINT64_C(1) << 53},
        {"\"0KiB\"", 0},
        {"\"64KiB\"", 65536},
        {"\"8MiB\"", 8 << 20},
        {"\"1GiB\"", 1 << 30},
        {"\"8388608GiB\"", UINT64_C(1) << 53},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_int_equal(imm_of("bytes", CASES[i].text), CASES[i].value);
    }
}

static void what_is_no_value_is_refused(void **state) {
    (void)state;
    static const char *const BAD[] = {
        "{\"sleep\":\"\"}",
        "{\"sleep\":\"5\"}",
        "{\"sleep\":\"ms\"}",
        "{\"sleep\":\"5 ms\"}",
        "{\"sleep\":\"-5ms\"}",
        "{\"sleep\":\"+5ms\"}",
        "{\"sleep\":\"5.ms\"}",
        "{\"sleep\":\".5ms\"}",
        "{\"sleep\":\"5MS\"}",
        "{\"sleep\":\"5m\"}",
        "{\"sleep\":\"1e3ms\"}",
        "{\"sleep\":\"5ms \"}",
        "{\"sleep\":\"1.5.5s\"}",
        "{\"sleep\":1e10}",
        "{\"sleep\":1e999}",
        "{\"sleep\":-1e-9}",
        "{\"sleep\":1000000000.0000000001}",
        "{\"sleep\":\"1000000000.1s\"}",
        "{\"sleep\":\"99999999999999999999999s\"}",
        "{\"sleep\":null}",
        "{\"read\":\"1\",\"from\":\"f\"}",
        "{\"read\":\"1KB\",\"from\":\"f\"}",
        "{\"read\":\"1.5KiB\",\"from\":\"f\"}",
        "{\"read\":\"1kib\",\"from\":\"f\"}",
        "{\"read\":\"-1KiB\",\"from\":\"f\"}",
        "{\"read\":\"KiB\",\"from\":\"f\"}",
        "{\"read\":\"1 KiB\",\"from\":\"f\"}",
        "{\"read\":\"1TiB\",\"from\":\"f\"}",
        "{\"read\":0.5,\"from\":\"f\"}",
        "{\"read\":1e16,\"from\":\"f\"}",
        "{\"read\":9007199254740993,\"from\":\"f\"}",
        "{\"read\":\"8388609GiB\",\"from\":\"f\"}",
        "{\"read\":\"18014398509481985KiB\",\"from\":\"f\"}",
        "{\"read\":1e-400,\"from\":\"f\"}",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        Buf text = {0};
        Diags diags = {0};
        buf_printf(&text,
                   "{\"title\":\"t\",\"tasks\":[{\"name\":\"a\",\"steps\":["
                   "{\"open\":\"x\",\"as\":\"f\"},%s]}]}",
                   BAD[i]);
        assert_null(scenario_load_text("f", text.data, text.size_bytes, &diags));
        assert_int_equal(diags.count, 1);
        assert_true(diags.items[0].line == 1 && diags.items[0].column > 70);
        diags_finish(&diags);
        buf_finish(&text);
    }
}

static void decimals_are_read_whatever_their_form(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int scale;
        uint64_t value;
        bool exact, negative;
    } CASES[] = {
        {"0", 0, 0, true, false},
        {"-0.000", 5, 0, true, false},
        {"-1", 0, 1, true, true},
        {"18446744073709551615", 0, UINT64_MAX, true, false},
        {"18446744073709551616", 0, UINT64_MAX, true, false}, /* saturated */
        {"12345.678", 0, 12345, false, false},
        {"12345.678", 3, 12345678, true, false},
        {"12345.678e-3", 6, 12345678, true, false},
        {"0.00012e4", 0, 1, false, false},
        {"1e20", 0, UINT64_MAX, true, false},
        {"0e99999999999999999999", 9, 0, true, false},
        {"1e99999999999999999999", 0, UINT64_MAX, true, false},
        {"1e-99999999999999999999", 0, 0, false, false},
        {"0.0e-5", 0, 0, true, false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const Decimal out = decimal_read(CASES[i].text, strlen(CASES[i].text), CASES[i].scale);
        assert_int_equal(out.value, CASES[i].value);
        assert_int_equal(out.exact, CASES[i].exact);
        assert_int_equal(out.negative, CASES[i].negative);
    }
}

static void the_rest_of_the_file_is_kept(void **state) {
    (void)state;
    static const char TEXT[] =
        "\xEF\xBB\xBF{\"title\":\"A "
        "title\",\"about\":[\"One.\",\"Two.\"],\"limits\":{\"bytes\":\"1KiB\","
        "\"time\":\"2s\",\"memory\":5,\"tasks\":6,\"files\":7,\"events\":8},\"tasks\":[{\"name\":"
        "\"a\","
        "\"steps\":[{\"open\":\"x\",\"as\":\"f\"},{\"write\":{\"bytes\":9},\"to\":\"f\"},{"
        "\"write\":{\"bytes\":3},"
        "\"to\":\"f\"}]}]}\n";
    Scenario *scenario = load(TEXT);
    assert_string_equal(scenario->file, "f.json");
    assert_string_equal(scenario->title, "A title");
    assert_string_equal(scenario->about, "One.\nTwo.");
    assert_string_equal(scenario->source, TEXT + 3); /* without the byte order mark */
    assert_int_equal(scenario->source_size_bytes, strlen(TEXT) - 3);
    const ProgramLimits *limits = &scenario->program->limits;
    assert_int_equal(limits->bytes, 1024);
    assert_int_equal(limits->time_ns, 2000000000);
    assert_int_equal(limits->memory_bytes, 5);
    assert_int_equal(limits->tasks, 6);
    assert_int_equal(limits->files, 7);
    assert_int_equal(limits->events, 8);
    assert_int_equal(scenario->program->max_fill_bytes, 9);
    scenario_destroy(scenario);
    scenario_destroy(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_has_its_instruction),
        cmocka_unit_test(bodies_follow_each_other),
        cmocka_unit_test(repeats_are_pairs_and_know_their_index),
        cmocka_unit_test(what_a_try_has_not_is_left_out),
        cmocka_unit_test(braces_and_escapes_become_text),
        cmocka_unit_test(durations_are_exact),
        cmocka_unit_test(sizes_are_exact),
        cmocka_unit_test(what_is_no_value_is_refused),
        cmocka_unit_test(decimals_are_read_whatever_their_form),
        cmocka_unit_test(the_rest_of_the_file_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
