/* The step `ask`: a question to the audience. The table of all steps is in step_table.c. */
#include "scenario/compile.h"

static bool read_said(Reader *reader, Value value, const char **out) {
    if (!read_string(reader, value, out)) {
        return false;
    }
    if ((*out)[0] == '\0') {
        return mistake_range(reader, value, "a text that says something");
    }
    return true;
}

static bool read_choices(Reader *reader, Value list, ProgramQuestion *question) {
    if (!value_is_array(list)) {
        return mistake_type(reader, list, "an array of two to four texts");
    }
    const size_t count = value_count(list);
    if (count < 2 || count > QUESTION_CHOICES_MAX) {
        return mistake_range(reader, list, "an array of two to four texts");
    }
    bool good = true;
    const ReaderMark outer = reader_enter_member(reader, list);
    for (Value item = value_child(reader, list); item.json != NULL;
         item = value_next(reader, item)) {
        const ReaderMark mark = reader_enter_element(reader, item, question->choice_count);
        good = read_said(reader, item, &question->choices[question->choice_count++]) && good;
        reader_leave(reader, mark);
    }
    reader_leave(reader, outer);
    return good;
}

static bool read_answer(Reader *reader, Value value, ProgramQuestion *question) {
    uint64_t answer = 0;
    if (!read_integer(reader, value, 0, &answer)) {
        return false;
    }
    if (question->choice_count > 0 && answer >= question->choice_count) {
        diag_set_expected(mistake_value(reader, value, "there is no choice %llu: they count from 0",
                                        (unsigned long long)answer),
                          "a number from 0 to %u", question->choice_count - 1);
        return false;
    }
    question->answer = (uint32_t)answer;
    return true;
}

void step_ask(Compiler *compiler, Value step, Value verb, uint32_t at) {
    Reader *reader = compiler->reader;
    const Value choices = value_member(reader, step, "choices");
    const Value answer = value_member(reader, step, "answer");
    const Value because = value_member(reader, step, "because");
    ProgramQuestion question = {.at = at};
    bool good = read_said(reader, verb, &question.text);
    if (choices.json == NULL || answer.json == NULL || because.json == NULL) {
        return; /* reported with the step's options */
    }
    good = read_choices(reader, choices, &question) && good;
    good = read_answer(reader, answer, &question) && good;
    good = read_said(reader, because, &question.because) && good;
    if (good) {
        Instr instr = program_instr(OP_ASK, at);
        instr.arg = program_add_question(compiler->builder, &question);
        program_add_instr(compiler->builder, instr);
    }
}
