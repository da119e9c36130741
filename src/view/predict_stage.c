#include "view/predict_panel.h"

/* What a kind of question is about: the rest of the stage is pale. */
typedef struct Attention {
    bool ring, kernel;
} Attention;

static const Attention ABOUT[QUIZ_KIND_COUNT] = {
    [QUIZ_ASKED] = {.ring = true, .kernel = true},
    [QUIZ_RESUMES] = {.ring = true},
    [QUIZ_GATHERED] = {.ring = true},
    [QUIZ_HANDLES] = {.ring = true},
};

static void pale_draw(const Canvas *canvas, Rect rect, Color ground) {
    scene_rect(canvas->scene, rect, 0, (Style){.fill = color_fade(ground, 0.62f)});
}

static Rect ring_place(const Layout *layout) {
    const float left = layout->user.x, right = layout->running.x - 8 * layout->u;
    const float top = layout->lane.y + layout->lane.h + 6 * layout->u;
    return (Rect){left, top, right - left, layout->event_lane.y - 34 * layout->u - top};
}

/* The card of a task, or a badge where there is no room for cards. */
static const Hit *card_of(const Canvas *canvas, uint32_t task) {
    const Rect user = canvas->layout->user;
    const Scene *scene = canvas->scene;
    for (size_t i = 0; i < scene->hit_count; i++) {
        const Hit *hit = &scene->hits[i];
        if (hit->action == ACTION_SELECT_TASK && hit->argument == (int64_t)task &&
            rect_contains(user, hit->rect.x + hit->rect.w / 2, hit->rect.y + hit->rect.h / 2)) {
            return hit;
        }
    }
    return NULL;
}

static void card_draw(const Canvas *canvas, const Predict *predict, size_t index) {
    const Hit *hit = card_of(canvas, predict->quiz.choices[index].task);
    const float u = canvas->u;
    if (hit == NULL) {
        return;
    }
    const Rect card = hit->rect;
    const ChoiceLook look = choice_look(predict, index);
    if (look.right || look.wrong) {
        const Rect ring = {card.x - 2 * u, card.y - 2 * u, card.w + 4 * u, card.h + 4 * u};
        const Color color = look.wrong ? canvas->theme->danger : canvas->theme->ink;
        scene_rect(canvas->scene, ring, 12 * u, (Style){.stroke = color, .stroke_px = 4 * u});
    }
    if (!look.told || look.right || look.wrong) {
        choice_key_draw(canvas, index, look, card.x + 2 * u, card.y + 4 * u);
    }
    choice_hit(canvas, predict, index, card);
}

void predict_stage_draw(const Canvas *canvas, const Predict *predict) {
    const Layout *layout = canvas->layout;
    const Attention about = ABOUT[predict->quiz.kind];
    if (!about.kernel) {
        pale_draw(canvas, layout->kernel, canvas->theme->app);
    }
    if (!about.ring) {
        pale_draw(canvas, ring_place(layout), canvas->theme->user);
    }
    for (size_t i = 0; i < predict->quiz.choice_count; i++) {
        if (predict->quiz.choices[i].task != EVENT_NONE) {
            card_draw(canvas, predict, i);
        }
    }
}
