/* Actions: everything a user can make happen, in one table with its keys and its words. The window
 * maps keys and clicks to actions; the help sheet and the tooltips are made from the same rows.
 *
 * Threads: constant tables. */
#ifndef LOOPSCOPE_VIEW_ACTION_H
#define LOOPSCOPE_VIEW_ACTION_H

#include <stdbool.h>
#include <stdint.h>

typedef enum Action {
    ACTION_NONE,
    ACTION_PLAY_PAUSE,
    ACTION_STEP,
    ACTION_STEP_BACK,
    ACTION_NEXT_ITERATION,
    ACTION_PREV_ITERATION,
    ACTION_HOME,
    ACTION_END,
    ACTION_FASTER,
    ACTION_SLOWER,
    ACTION_SET_PACE,      /* argument: index into PACES (the slider) */
    ACTION_SEEK,          /* argument: cursor */
    ACTION_SCRUB,         /* the times were pressed: the pointer's x decides, also while dragging */
    ACTION_CODE_VIEW,     /* V: the next view of the code */
    ACTION_CODE_VIEW_SET, /* argument: CodeView */
    ACTION_TOGGLE_CODE,   /* C: the drawer of a small window */
    ACTION_TOGGLE_OUTPUT, /* O */
    ACTION_SELECT_TASK,   /* argument: task */
    ACTION_FILTER,        /* /: type a pattern on tasks' names */
    ACTION_LETTER_A,      /* Shift+A to Shift+H: select the task that has this letter */
    ACTION_LETTER_H = ACTION_LETTER_A + 7,
    ACTION_PREDICT,  /* P: be asked what comes */
    ACTION_ANSWER_1, /* 1 to 4 */
    ACTION_ANSWER_4 = ACTION_ANSWER_1 + 3,
    ACTION_OPEN_SCENARIO, /* argument: index on the welcome screen */
    ACTION_CHOOSE_FILE,   /* welcome: O */
    ACTION_PICK,          /* argument: the row of the list of files */
    ACTION_PICK_PARENT,
    ACTION_PICK_CLOSE,
    ACTION_RELOAD,   /* R on the error panel */
    ACTION_WELCOME,  /* Esc: back to the welcome screen */
    ACTION_TAB_NEXT, /* the focus goes over the controls */
    ACTION_TAB_PREV,
    ACTION_FOCUS_NEXT, /* welcome: arrows choose a card */
    ACTION_FOCUS_PREV,
    ACTION_FOCUS_UP,
    ACTION_FOCUS_DOWN,
    ACTION_ACTIVATE, /* Return: press what has the focus */
    ACTION_FULLSCREEN,
    ACTION_HELP,
    ACTION_REDUCED_MOTION, /* M */
    ACTION_THEME,          /* T */
    ACTION_TEXT_NEXT,      /* L: the next size of text, and round again */
    ACTION_TEXT_LARGER,
    ACTION_TEXT_SMALLER,
    ACTION_BLANK, /* B, and what clickers send: any key shows the screen again */
    ACTION_EDIT,  /* E: the file in the user's editor */
    ACTION_QUIT,
    ACTION_LANES,   /* the lanes were pressed: a click selects, a drag moves what is seen */
    ACTION_ZOOM_IN, /* + - 0: the timeline nearer, further, all of it */
    ACTION_ZOOM_OUT,
    ACTION_ZOOM_WHOLE,
    ACTION_PAN_LEFT, /* Ctrl+arrows: the timeline moves by a quarter of what is seen */
    ACTION_PAN_RIGHT,
    ACTION_NEXT_TASK, /* N: select another task */
    ACTION_PREV_TASK,
    ACTION_LIST_NEXT, /* ] and [: the next and the previous row of the list */
    ACTION_LIST_PREV,
    ACTION_WATCH, /* W and I: what the window is for */
    ACTION_INSPECT,
    ACTION_COPY,          /* the event at the cursor, as JSON */
    ACTION_COMPARE,       /* S: beside another scenario */
    ACTION_FORMAT,        /* F1 beside a file that did not load: what the format takes */
    ACTION_RUN_FIXED,     /* F: beside the same without what keeps the thread */
    ACTION_DIFFERENCE,    /* D, of two runs: where their orders part */
    ACTION_EXPORT,        /* X: the export sheet, or its end */
    ACTION_EXPORT_FORMAT, /* argument: of the sheet's formats */
    ACTION_EXPORT_FILE,   /* the name is typed */
    ACTION_EXPORT_START,
    ACTION_EXPORT_STOP,
    ACTION_EXPORT_COPY, /* the path of what was written */
    ACTION_COUNT
} Action;

/* Keys are named as SDL_GetKeyName names them ("Space", "Right", "PageDown"), with "Shift+" and
 * "Ctrl+" before; at most three a row, "" where there are fewer. */
typedef struct ActionRow {
    const char *words;   /* for the help sheet: "step forward"; NULL: no row there */
    const char *keys[3]; /* on the main screen */
    const char *shown;   /* the key cap: "Space", "→" */
} ActionRow;

extern const ActionRow ACTIONS[ACTION_COUNT];

/* Its name in the text of a scene: "step-back". */
const char *action_name(Action action);

typedef enum Screen { SCREEN_WELCOME, SCREEN_MAIN, SCREEN_COMPARE } Screen;

/* Whether a screen knows the action by the keys of its row. */
bool action_on_screen(Screen screen, Action action);

/* The action of a key on a screen (Enter, arrows and letters differ on the welcome screen). */
Action action_of_key(Screen screen, const char *key, bool shift, bool ctrl);

#endif
