/* The scenarios that come with the program: good, told in few words, and of the size that the rest
 * of the tests and the documentation count on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "scenario/scenario.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define FOLDER "scenarios"

enum { CARD_COLUMNS = 48, LESSONS_LEAST = 21 };

static unsigned asking, answers; /* of the questions: how many, and a bit each right choice */

typedef void Look(const char *name, const Scenario *scenario);

/* Calls `look` for each; returns how many there are. */
static size_t look_at_all(Look *look) {
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        const size_t length = strlen(entry->d_name);
        if (length < 6 || strcmp(entry->d_name + length - 5, ".json") != 0) {
            continue;
        }
        char file[512];
        snprintf(file, sizeof file, FOLDER "/%s", entry->d_name);
        Diags diags = {0};
        Scenario *scenario = scenario_load(file, &diags);
        Buf told = {0};
        for (size_t i = 0; i < diags.count; i++) {
            diag_format(&diags.items[i], &told);
        }
        assert_string_equal(buf_text(&told), "");
        assert_non_null(scenario);
        look(entry->d_name, scenario);
        buf_finish(&told);
        scenario_destroy(scenario);
        diags_finish(&diags);
        count++;
    }
    closedir(folder);
    return count;
}

/* The welcome screen's card shows the first sentence. */
static void look_at_words(const char *name, const Scenario *scenario) {
    const size_t line = strcspn(scenario->about, "\n");
    const char *stop = strstr(scenario->about, ". ");
    const size_t first = stop != NULL && (size_t)(stop - scenario->about) < line
                             ? (size_t)(stop - scenario->about) + 1
                             : line;
    if (first == 0 || utf8_count(scenario->about, first) > CARD_COLUMNS ||
        scenario->about[first - 1] != '.') {
        fail_msg("%s: \"%.*s\" is no sentence of at most %d columns", name, (int)first,
                 scenario->about, CARD_COLUMNS);
    }
    assert_true(strlen(scenario->about) > first + 40);           /* and there is more to tell */
    assert_non_null(strstr(scenario->about, "Ask the class: ")); /* a lesson is a conversation */
    assert_true(scenario->title[0] != '\0');
    assert_true(utf8_count(scenario->title, strlen(scenario->title)) <= CARD_COLUMNS);
}

/* One idea a lesson; what is told after the answer is one sentence. */
static void look_at_questions(const char *name, const Scenario *scenario) {
    const Program *program = scenario->program;
    assert_true(program->question_count <= 1);
    for (uint32_t i = 0; i < program->question_count; i++) {
        const ProgramQuestion *question = &program->questions[i];
        const size_t text = strlen(question->text), because = strlen(question->because);
        if (question->text[text - 1] != '?' || text > 80 || because > 110 ||
            strchr(question->because, '.') != question->because + because - 1) {
            fail_msg("%s: \"%s\" is too long, or no question", name, question->text);
        }
        asking++;
        answers |= 1u << question->answer;
    }
}

static void some_ask_their_question_themselves(void **state) {
    (void)state;
    look_at_all(look_at_questions);
    assert_true(asking >= 6);
    assert_int_equal(answers, 7); /* no place among the choices gives the answer away */
}

static void each_is_good_and_told_in_few_words(void **state) {
    (void)state;
    assert_true(look_at_all(look_at_words) >= LESSONS_LEAST);
}

/* Words of one person to others: no control characters, no blanks at the ends. */
static void look_at_text(const char *name, const Scenario *scenario) {
    (void)name;
    const char *source = scenario->source;
    const size_t size = scenario->source_size_bytes;
    assert_int_equal(utf8_valid_prefix(source, size), size);
    assert_int_equal(source[size - 1], '\n');
    for (size_t i = 0; i < size; i++) {
        assert_true(source[i] == '\n' || (unsigned char)source[i] >= ' '); /* no tab, no return */
        assert_false(source[i] == ' ' && source[i + 1] == '\n');
    }
}

static void each_file_is_tidy(void **state) {
    (void)state;
    look_at_all(look_at_text);
}

/* The first lesson: three tasks, each a real file with 64 KiB, all steps asynchronous. */
static void three_writers_is_what_the_documents_say(void **state) {
    (void)state;
    Diags diags = {0};
    Scenario *scenario = scenario_load(FOLDER "/three-writers.json", &diags);
    assert_non_null(scenario);
    const Program *program = scenario->program;
    assert_int_equal(program->task_count, 3);
    uint32_t counts[OP_CODE_COUNT] = {0};
    for (uint32_t i = 0; i < program->code_count; i++) {
        counts[program->code[i].op]++;
        assert_int_equal(program->code[i].flags, 0);
        if (program->code[i].op == OP_WRITE_FILL) {
            assert_int_equal(program->code[i].imm, 65536);
        }
    }
    assert_int_equal(counts[OP_OPEN], 3);
    assert_int_equal(counts[OP_WRITE_FILL], 3);
    assert_int_equal(counts[OP_FSYNC], 3);
    assert_int_equal(counts[OP_CLOSE], 3);
    assert_int_equal(program->max_fill_bytes, 65536);
    scenario_destroy(scenario);
    diags_finish(&diags);
}

/* blocking-writes is to be compared with it: the same steps, but blocking. */
static void blocking_writes_takes_the_same_steps(void **state) {
    (void)state;
    Diags diags = {0};
    Scenario *async = scenario_load(FOLDER "/three-writers.json", &diags);
    Scenario *blocking = scenario_load(FOLDER "/blocking-writes.json", &diags);
    assert_non_null(async);
    assert_non_null(blocking);
    const Program *a = async->program, *b = blocking->program;
    assert_int_equal(b->task_count, 3);
    uint32_t save = 0;
    while (save < b->body_count && strcmp(b->bodies[save].name, "save") != 0) {
        save++;
    }
    assert_true(save < b->body_count);
    const Instr *left = &a->code[a->bodies[a->tasks[0].body].entry];
    const Instr *right = &b->code[b->bodies[save].entry];
    for (; left->op != OP_RETURN; left++, right++) {
        const bool is_file_step = left->op >= OP_OPEN && left->op <= OP_CLOSE;
        assert_int_equal(left->op, right->op);
        assert_int_equal(left->imm, right->imm);
        assert_int_equal(left->mode, right->mode);
        assert_int_equal(right->flags, is_file_step ? INSTR_BLOCKING : 0);
    }
    assert_int_equal(right->op, OP_RETURN);
    scenario_destroy(async);
    scenario_destroy(blocking);
    diags_finish(&diags);
}

static void ten_thousand_is_ten_thousand(void **state) {
    (void)state;
    Diags diags = {0};
    Scenario *scenario = scenario_load(FOLDER "/ten-thousand.json", &diags);
    assert_non_null(scenario);
    uint64_t tasks = 0;
    for (uint32_t i = 0; i < scenario->program->task_count; i++) {
        tasks += scenario->program->tasks[i].count;
    }
    assert_int_equal(tasks, 10000);
    scenario_destroy(scenario);
    diags_finish(&diags);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_good_and_told_in_few_words),
        cmocka_unit_test(some_ask_their_question_themselves),
        cmocka_unit_test(each_file_is_tidy),
        cmocka_unit_test(three_writers_is_what_the_documents_say),
        cmocka_unit_test(blocking_writes_takes_the_same_steps),
        cmocka_unit_test(ten_thousand_is_ten_thousand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
