/* Predicting in the window: the machine of view/predict.h, tied to the player and the gate. */
#include "app/window_app.h"
#include "export/outfile.h"

/* After each answer, so that nothing is lost; what can't be written is told once. */
static void results_write(App *app) {
    const char *file = app->options->results;
    if (file == NULL || app->predict.mark_count == 0) {
        return;
    }
    Buf text = {0};
    predict_results(&app->predict, app->document->name, &text);
    Diags diags = {0};
    Outfile *out = outfile_create(file, &diags);
    bool good = out != NULL && outfile_write(out, text.data, text.size_bytes, &diags);
    if (good) {
        good = outfile_commit(out, &diags);
    } else {
        outfile_discard(out);
    }
    diags_finish(&diags);
    buf_finish(&text);
    if (!good) {
        fprintf(stderr, "loopscope: %s: the results can't be written\n", file);
        snprintf(app->document->trouble, sizeof app->document->trouble,
                 "%s: the results can't be written", file);
        app->document->view.trouble = app->document->trouble;
    }
}

static bool moves(Action action) {
    switch (action) {
    case ACTION_PLAY_PAUSE:
    case ACTION_STEP:
    case ACTION_STEP_BACK:
    case ACTION_NEXT_ITERATION:
    case ACTION_PREV_ITERATION:
    case ACTION_HOME:
    case ACTION_END:
    case ACTION_SEEK:
    case ACTION_SCRUB:
        return true;
    default:
        return false;
    }
}

bool app_predict_act(App *app, Action action) {
    Predict *predict = &app->predict;
    if (action == ACTION_PREDICT) {
        predict_toggle(predict, app->player.cursor);
        app->input.mode = MODE_WATCH; /* the list of events would tell */
        if (predict->phase == PREDICT_WATCHING && !app->player.playing) {
            player_act(&app->player, app->document->view.timeline, ACTION_PLAY_PAUSE, 0);
            if (app->player.cursor < predict->looked) { /* at the end it begins anew */
                predict->looked = app->player.cursor;
            }
        }
        return true;
    }
    if (action >= ACTION_ANSWER_1 && action <= ACTION_ANSWER_4) {
        predict_answer(predict, (size_t)(action - ACTION_ANSWER_1));
        return true;
    }
    if (action == ACTION_RELOAD && predict->phase >= PREDICT_ASKING) {
        predict_retry(predict);
        return true;
    }
    if (action == ACTION_WELCOME && predict->phase != PREDICT_OFF && !app->input.help) {
        predict_toggle(predict, app->player.cursor);
        return true;
    }
    const bool leaves = action == ACTION_WATCH || action == ACTION_INSPECT;
    if (leaves && predict->phase != PREDICT_OFF) {
        predict_toggle(predict, app->player.cursor);
    }
    if (moves(action) && predict_is_over(predict, app->document->view.after)) {
        predict_toggle(predict, app->player.cursor); /* from now on it is watched */
    }
    if (moves(action) && predict_holds(predict)) {
        return true; /* nothing moves until it is answered */
    }
    if (moves(action)) {
        predict_go_on(predict); /* and then it does */
    }
    return false;
}

uint64_t app_predict_wants(const App *app) {
    const Timeline *timeline = app->document->view.timeline;
    return predict_wants(&app->predict, &app->player, timeline,
                         player_wants(&app->player, timeline));
}

const char *app_predict_words(const App *app, char out[64]) {
    static const char *const WORDS[] = {[PREDICT_WATCHING] = "Predicting",
                                        [PREDICT_ASKING] = "Question",
                                        [PREDICT_JUDGING] = "Answered",
                                        [PREDICT_TOLD] = "Right"};
    const Predict *predict = &app->predict;
    const bool wrong = predict->phase == PREDICT_TOLD && predict->chosen != predict->right;
    const size_t number = predict_number(predict);
    if (predict->phase == PREDICT_OFF) {
        out[0] = '\0';
    } else if (number == 0) {
        snprintf(out, 64, "%s - ", WORDS[predict->phase]);
    } else {
        snprintf(out, 64, "%s %zu - ", wrong ? "Wrong" : WORDS[predict->phase], number);
    }
    return out;
}

bool app_predict_tick(App *app) {
    const ViewDoc *view = &app->document->view;
    const size_t marks = app->predict.mark_count;
    const bool changed = predict_tick(&app->predict, &app->player, view->before, view->program);
    if (app->predict.mark_count != marks) {
        results_write(app);
    }
    if (app->titled != app->predict.phase || app->titled_number != predict_number(&app->predict)) {
        app->titled = app->predict.phase;
        app->titled_number = predict_number(&app->predict);
        app_title(app);
    }
    return changed;
}

void app_predict_end(App *app) {
    predict_finish(&app->predict);
}
