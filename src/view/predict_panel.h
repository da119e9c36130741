/* Predicting on the screen, in parts: the question and its choices (predict_panel.c), what is seen
 * of it on the stage (predict_stage.c). Internal to view/. */
#ifndef LOOPSCOPE_VIEW_PREDICT_PANEL_H
#define LOOPSCOPE_VIEW_PREDICT_PANEL_H

#include "view/parts.h"

/* Long choices stand one below the other: in the column of code and output, or over the system's
 * side in a small window, below an open drawer. Sets layout->choices, and what gives way. */
void predict_place(const Canvas *canvas, Layout *layout);

typedef struct ChoiceLook {
    bool told, right, wrong; /* wrong: it was chosen, and is not right */
} ChoiceLook;

ChoiceLook choice_look(const Predict *predict, size_t index);

/* The key of a choice, or what became of it. */
void choice_key_draw(const Canvas *canvas, size_t index, ChoiceLook look, float x, float y);

/* While it is asked, a press on the place gives this answer. */
void choice_hit(const Canvas *canvas, const Predict *predict, size_t index, Rect place);

/* What the question is not about is pale; a task's card that is a choice has its key, and answers a
 * click. The stage is drawn. */
void predict_stage_draw(const Canvas *canvas, const Predict *predict);

#endif
