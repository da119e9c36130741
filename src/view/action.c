#include "view/action.h"

#include "base/assert.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const ActionRow ACTIONS[ACTION_COUNT] = {
    [ACTION_PLAY_PAUSE] = {"play and pause", {"Space"}, "Space"},
    [ACTION_STEP] = {"one event forward", {"Right", "PageDown"}, "→"},
    [ACTION_STEP_BACK] = {"one event back", {"Left", "PageUp"}, "←"},
    [ACTION_NEXT_ITERATION] = {"next iteration of the loop", {"Shift+Right"}, "⇧→"},
    [ACTION_PREV_ITERATION] = {"previous iteration of the loop", {"Shift+Left"}, "⇧←"},
    [ACTION_HOME] = {"to the beginning", {"Home"}, "Home"},
    [ACTION_END] = {"to the end", {"End"}, "End"},
    [ACTION_FASTER] = {"faster", {"Up"}, "↑"},
    [ACTION_SLOWER] = {"slower", {"Down"}, "↓"},
    [ACTION_ZOOM_IN] = {"the timeline nearer", {"+", "=", "Keypad +"}, "+"},
    [ACTION_ZOOM_OUT] = {"the timeline further", {"-", "Keypad -"}, "−"},
    [ACTION_ZOOM_WHOLE] = {"the whole run on the timeline", {"0", "Keypad 0"}, "0"},
    [ACTION_PAN_LEFT] = {"earlier on the timeline", {"Ctrl+Left"}, "Ctrl ←"},
    [ACTION_PAN_RIGHT] = {"later on the timeline", {"Ctrl+Right"}, "Ctrl →"},
    [ACTION_NEXT_TASK] = {"why? the next task", {"N"}, "N"},
    [ACTION_PREV_TASK] = {"why? the task before", {"Shift+N"}, "⇧N"},
    [ACTION_LIST_NEXT] = {"the next row of the list", {"]"}, "]"},
    [ACTION_LIST_PREV] = {"the row before", {"["}, "["},
    [ACTION_TAB_NEXT] = {"to the next control", {"Tab"}, "Tab"},
    [ACTION_TAB_PREV] = {"to the control before", {"Shift+Tab"}, "⇧Tab"},
    [ACTION_ACTIVATE] = {"press the control", {"Return", "Keypad Enter"}, "Enter"},
    [ACTION_WATCH] = {"watch: code and output", {"W"}, "W"},
    [ACTION_INSPECT] = {"inspect: the list of events", {"I"}, "I"},
    [ACTION_COPY] = {"copy the event as JSON", {"Ctrl+C"}, "Ctrl C"},
    [ACTION_EXPORT] = {"export a film, a page, a table", {"X"}, "X"},
    [ACTION_CODE_VIEW] = {"another view of the code", {"V"}, "V"},
    [ACTION_TOGGLE_CODE] = {"the code (small window)", {"C"}, "C"},
    [ACTION_TOGGLE_OUTPUT] = {"the output (small window)", {"O"}, "O"},
    [ACTION_PREDICT] = {"predict: be asked what comes", {"P"}, "P"},
    [ACTION_ANSWER_1] = {"answer a question", {"1"}, "1 … 4"},
    [ACTION_LETTER_A] = {"follow task A, B … H", {"Shift+A"}, "⇧A"},
    [ACTION_FILTER] = {"find tasks, or events, by name", {"/"}, "/"},
    [ACTION_REDUCED_MOTION] = {"reduced motion", {"M"}, "M"},
    [ACTION_THEME] = {"dark, light, high contrast", {"T"}, "T"},
    [ACTION_TEXT_NEXT] = {"another size of text", {"L"}, "L"},
    [ACTION_TEXT_LARGER] = {"larger text", {"Ctrl+=", "Ctrl++", "Ctrl+Keypad +"}, "Ctrl +"},
    [ACTION_TEXT_SMALLER] = {"smaller text", {"Ctrl+-", "Ctrl+Keypad -"}, "Ctrl −"},
    [ACTION_BLANK] = {"blank screen, till any key", {"B", "."}, "B"},
    [ACTION_EDIT] = {"open the file in your editor", {"E"}, "E"},
    [ACTION_CHOOSE_FILE] = {"choose a file of your own", {"O"}, "O"},
    [ACTION_RELOAD] = {"load again, or try again", {"R"}, "R"},
    [ACTION_FULLSCREEN] = {"full screen", {"F11"}, "F11"},
    [ACTION_HELP] = {"this list of keys", {"Shift+/", "?", "F1"}, "?"},
    [ACTION_COMPARE] = {"compare with another scenario", {"S"}, "S"},
    [ACTION_RUN_FIXED] = {"run it fixed, where it freezes", {"F"}, "F"},
    [ACTION_DIFFERENCE] = {"to where the two orders part", {"D"}, "D"},
    [ACTION_WELCOME] = {"close, or back to the scenarios", {"Escape"}, "Esc"},
    [ACTION_QUIT] = {"quit", {"Ctrl+Q"}, "Ctrl Q"},
};

/* Every action, also those without a key, as texts of scenes name it. */
static const char *const NAMES[ACTION_COUNT] = {
    [ACTION_NONE] = "none",
    [ACTION_PLAY_PAUSE] = "play-pause",
    [ACTION_STEP] = "step",
    [ACTION_STEP_BACK] = "step-back",
    [ACTION_NEXT_ITERATION] = "next-iteration",
    [ACTION_PREV_ITERATION] = "prev-iteration",
    [ACTION_HOME] = "home",
    [ACTION_END] = "end",
    [ACTION_FASTER] = "faster",
    [ACTION_SLOWER] = "slower",
    [ACTION_SET_PACE] = "set-pace",
    [ACTION_SEEK] = "seek",
    [ACTION_SCRUB] = "scrub",
    [ACTION_CODE_VIEW] = "code-view",
    [ACTION_CODE_VIEW_SET] = "code-view-set",
    [ACTION_TOGGLE_CODE] = "toggle-code",
    [ACTION_TOGGLE_OUTPUT] = "toggle-output",
    [ACTION_SELECT_TASK] = "select-task",
    [ACTION_FILTER] = "filter",
    [ACTION_LETTER_A] = "letter-a",
    [ACTION_LETTER_A + 1] = "letter-b",
    [ACTION_LETTER_A + 2] = "letter-c",
    [ACTION_LETTER_A + 3] = "letter-d",
    [ACTION_LETTER_A + 4] = "letter-e",
    [ACTION_LETTER_A + 5] = "letter-f",
    [ACTION_LETTER_A + 6] = "letter-g",
    [ACTION_LETTER_H] = "letter-h",
    [ACTION_PREDICT] = "predict",
    [ACTION_ANSWER_1] = "answer-1",
    [ACTION_ANSWER_1 + 1] = "answer-2",
    [ACTION_ANSWER_1 + 2] = "answer-3",
    [ACTION_ANSWER_4] = "answer-4",
    [ACTION_OPEN_SCENARIO] = "open-scenario",
    [ACTION_CHOOSE_FILE] = "choose-file",
    [ACTION_PICK] = "pick",
    [ACTION_PICK_PARENT] = "pick-parent",
    [ACTION_PICK_CLOSE] = "pick-close",
    [ACTION_RELOAD] = "reload",
    [ACTION_WELCOME] = "welcome",
    [ACTION_TAB_NEXT] = "tab-next",
    [ACTION_TAB_PREV] = "tab-prev",
    [ACTION_FOCUS_NEXT] = "focus-next",
    [ACTION_FOCUS_PREV] = "focus-prev",
    [ACTION_FOCUS_UP] = "focus-up",
    [ACTION_FOCUS_DOWN] = "focus-down",
    [ACTION_ACTIVATE] = "activate",
    [ACTION_FULLSCREEN] = "fullscreen",
    [ACTION_HELP] = "help",
    [ACTION_REDUCED_MOTION] = "reduced-motion",
    [ACTION_THEME] = "theme",
    [ACTION_TEXT_NEXT] = "text-next",
    [ACTION_TEXT_LARGER] = "text-larger",
    [ACTION_TEXT_SMALLER] = "text-smaller",
    [ACTION_BLANK] = "blank",
    [ACTION_EDIT] = "edit",
    [ACTION_QUIT] = "quit",
    [ACTION_LANES] = "lanes",
    [ACTION_ZOOM_IN] = "zoom-in",
    [ACTION_ZOOM_OUT] = "zoom-out",
    [ACTION_ZOOM_WHOLE] = "zoom-whole",
    [ACTION_PAN_LEFT] = "pan-left",
    [ACTION_PAN_RIGHT] = "pan-right",
    [ACTION_NEXT_TASK] = "next-task",
    [ACTION_PREV_TASK] = "prev-task",
    [ACTION_LIST_NEXT] = "list-next",
    [ACTION_LIST_PREV] = "list-prev",
    [ACTION_WATCH] = "watch",
    [ACTION_INSPECT] = "inspect",
    [ACTION_COPY] = "copy",
    [ACTION_COMPARE] = "compare",
    [ACTION_RUN_FIXED] = "run-fixed",
    [ACTION_FORMAT] = "format",
    [ACTION_DIFFERENCE] = "difference",
    [ACTION_EXPORT] = "export",
    [ACTION_EXPORT_FORMAT] = "export-format",
    [ACTION_EXPORT_FILE] = "export-file",
    [ACTION_EXPORT_START] = "export-start",
    [ACTION_EXPORT_STOP] = "export-stop",
    [ACTION_EXPORT_COPY] = "export-copy",
};

typedef struct KeyRow {
    const char *key;
    Action action;
} KeyRow;

/* On the welcome screen arrows move the focus, and Return or Space opens what has it. */
static const KeyRow WELCOME_KEYS[] = {
    {"Right", ACTION_FOCUS_NEXT},  {"PageDown", ACTION_FOCUS_NEXT}, {"Left", ACTION_FOCUS_PREV},
    {"PageUp", ACTION_FOCUS_PREV}, {"Up", ACTION_FOCUS_UP},         {"Down", ACTION_FOCUS_DOWN},
    {"Space", ACTION_ACTIVATE},    {"F1", ACTION_FORMAT},
};

/* The rows of ACTIONS that mean the same on the welcome screen. */
static const Action WELCOME_SHARED[] = {
    ACTION_RELOAD,      ACTION_EDIT,         ACTION_THEME,          ACTION_TEXT_NEXT,
    ACTION_TEXT_LARGER, ACTION_TEXT_SMALLER, ACTION_REDUCED_MOTION, ACTION_BLANK,
    ACTION_FULLSCREEN,  ACTION_HELP,         ACTION_WELCOME,        ACTION_QUIT,
    ACTION_COMPARE,     ACTION_TAB_NEXT,     ACTION_TAB_PREV,       ACTION_ACTIVATE,
    ACTION_CHOOSE_FILE};

/* And on the screen of two runs. */
static const Action COMPARE_SHARED[] = {
    ACTION_PLAY_PAUSE,     ACTION_STEP,      ACTION_STEP_BACK, ACTION_NEXT_ITERATION,
    ACTION_PREV_ITERATION, ACTION_HOME,      ACTION_END,       ACTION_FASTER,
    ACTION_SLOWER,         ACTION_ZOOM_IN,   ACTION_ZOOM_OUT,  ACTION_ZOOM_WHOLE,
    ACTION_PAN_LEFT,       ACTION_PAN_RIGHT, ACTION_NEXT_TASK, ACTION_PREV_TASK,
    ACTION_DIFFERENCE,     ACTION_THEME,     ACTION_TEXT_NEXT, ACTION_TEXT_LARGER,
    ACTION_TEXT_SMALLER,   ACTION_BLANK,     ACTION_RELOAD,    ACTION_FULLSCREEN,
    ACTION_HELP,           ACTION_WELCOME,   ACTION_QUIT,      ACTION_TAB_NEXT,
    ACTION_TAB_PREV,       ACTION_ACTIVATE};

static bool is_among(Action action, const Action *actions, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (actions[i] == action) {
            return true;
        }
    }
    return false;
}

bool action_on_screen(Screen screen, Action action) {
    switch (screen) {
    case SCREEN_WELCOME:
        return is_among(action, WELCOME_SHARED, sizeof WELCOME_SHARED / sizeof WELCOME_SHARED[0]);
    case SCREEN_COMPARE:
        return is_among(action, COMPARE_SHARED, sizeof COMPARE_SHARED / sizeof COMPARE_SHARED[0]);
    default:
        return action != ACTION_DIFFERENCE && action != ACTION_CHOOSE_FILE;
    }
}

static bool row_has_key(Action action, const char *key) {
    for (size_t i = 0; i < 3; i++) {
        const char *candidate = ACTIONS[action].keys[i];
        if (candidate != NULL && strcmp(candidate, key) == 0) {
            return true;
        }
    }
    return false;
}

/* By the keys of the rows that the screen knows. */
static Action shared_action(Screen screen, const char *key) {
    for (int action = 0; action < ACTION_COUNT; action++) {
        if (action_on_screen(screen, (Action)action) && row_has_key((Action)action, key)) {
            return (Action)action;
        }
    }
    return ACTION_NONE;
}

static Action screen_action(Screen screen, const char *key) {
    for (size_t i = 0; screen == SCREEN_WELCOME && i < sizeof WELCOME_KEYS / sizeof WELCOME_KEYS[0];
         i++) {
        if (strcmp(WELCOME_KEYS[i].key, key) == 0) {
            return WELCOME_KEYS[i].action;
        }
    }
    return shared_action(screen, key);
}

Action action_of_key(Screen screen, const char *key, bool shift, bool ctrl) {
    if (screen == SCREEN_MAIN && shift && !ctrl && key[0] >= 'A' && key[0] <= 'H' && key[1] == 0) {
        return (Action)(ACTION_LETTER_A + (key[0] - 'A'));
    }
    const bool is_digit = key[0] >= '1' && key[0] <= '4' && key[1] == 0;
    if (screen == SCREEN_MAIN && is_digit && !shift && !ctrl) {
        return (Action)(ACTION_ANSWER_1 + (key[0] - '1'));
    }
    char name[48];
    snprintf(name, sizeof name, "%s%s%s", ctrl ? "Ctrl+" : "", shift ? "Shift+" : "", key);
    Action action = screen_action(screen, name);
    /* Where a sign needs Shift depends on the keyboard: "?" is "?" however it was typed. */
    const bool is_sign = key[0] != '\0' && key[1] == '\0' && ispunct((unsigned char)key[0]);
    if (action == ACTION_NONE && is_sign && shift) {
        action = action_of_key(screen, key, false, ctrl);
    }
    return action;
}

const char *action_name(Action action) {
    ASSERT(action < ACTION_COUNT);
    return NAMES[action];
}
