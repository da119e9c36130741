/* The paces of the player, and their words. */
#include "view/player.h"

#include "base/format.h"

#include <math.h>
#include <stdio.h>

const double PACES[] = {0.5, 1, 1.5, 2, 3, 6, 12, 30, 60, 250, 1000, 10000, INFINITY};
const int PACE_COUNT = (int)(sizeof PACES / sizeof PACES[0]);

int player_pace_near(double events_a_second) {
    const int full_speed = PACE_COUNT - 1;
    if (events_a_second <= 0) {
        return PACE_DEFAULT;
    }
    if (events_a_second > 2 * PACES[full_speed - 1]) {
        return full_speed;
    }
    int best = 0;
    for (int i = 1; i < full_speed; i++) {
        if (fabs(log(PACES[i] / events_a_second)) < fabs(log(PACES[best] / events_a_second))) {
            best = i;
        }
    }
    return best;
}

const char *player_pace_text(const Player *player, char out[64]) {
    const double pace = PACES[player->pace];
    char count[FORMAT_MAX];
    if (isinf(pace)) {
        snprintf(out, 64, "full speed");
    } else if (pace < 1) {
        snprintf(out, 64, "1 event every %g s", 1 / pace);
    } else if (pace == 1) {
        snprintf(out, 64, "1 event a second");
    } else if (pace < 1000) {
        snprintf(out, 64, "%g events a second", pace);
    } else {
        snprintf(out, 64, "%s events a second", format_count(count, (uint64_t)pace));
    }
    return out;
}
