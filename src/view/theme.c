#include "view/theme.h"

#include <string.h>

#define HEX(rgb)                                                                                   \
    { ((rgb) >> 16) & 0xFF, ((rgb) >> 8) & 0xFF, (rgb)&0xFF, 0xFF }

/* The identities are a set in the manner of Okabe and Ito, tuned for each ground: every one is at
 * least 3:1 against it, and they stay apart for colour-blind eyes (shape and letter too). */
static const Theme THEMES[THEME_COUNT] = {
    [THEME_DARK] =
        {
            .name = "dark",
            .app = HEX(0x0D1014),
            .panel = HEX(0x12161B),
            .user = HEX(0x171C23),
            .well = HEX(0x10141A),
            .lane = HEX(0x1D232C),
            .card = HEX(0x262E39),
            .kernel = HEX(0x1B1A33),
            .kernel_dot = HEX(0x2A2950),
            .kernel_card = HEX(0x2A294D),
            .kernel_line = HEX(0x4A4884),
            .kernel_ink = HEX(0xB9B7E6),
            .wall = HEX(0x05070A),
            .line = HEX(0x262D37),
            .line2 = HEX(0x5C687B),
            .ink = HEX(0xF3F5F8),
            .ink2 = HEX(0xB8C0CC),
            .ink3 = HEX(0x8A95A5),
            .ink4 = HEX(0x7A8594),
            .thread = HEX(0xFFFFFF),
            .on_thread = HEX(0x0D1014),
            .danger = HEX(0xFF6B6B),
            .danger_ground = HEX(0x3A171B),
            .danger_ink = HEX(0xFFC9C9),
            .on_identity = HEX(0x0D1014),
            .highlight = 0.16f,
            .identity = {HEX(0x5AB8F0), HEX(0xF2A53A), HEX(0x2CC596), HEX(0xE08BC3), HEX(0xEDE15A),
                         HEX(0x8C7BF5), HEX(0xE9825C), HEX(0xD9DEE6)},
        },
    [THEME_LIGHT] =
        {
            .name = "light",
            .app = HEX(0xF4F3EF),
            .panel = HEX(0xFBFAF7),
            .user = HEX(0xFFFFFF),
            .well = HEX(0xF1EFEA),
            .lane = HEX(0xF0EFEB),
            .card = HEX(0xFFFFFF),
            .kernel = HEX(0xE4E3F5),
            .kernel_dot = HEX(0xCFCDEB),
            .kernel_card = HEX(0xF6F5FD),
            .kernel_line = HEX(0x8683C4),
            .kernel_ink = HEX(0x45427E),
            .wall = HEX(0x2A2F38),
            .line = HEX(0xDEDBD3),
            .line2 = HEX(0x7F838A),
            .ink = HEX(0x12161C),
            .ink2 = HEX(0x3E4653),
            .ink3 = HEX(0x545D6A),
            .ink4 = HEX(0x656D79),
            .thread = HEX(0x000000),
            .on_thread = HEX(0xFFFFFF),
            .danger = HEX(0xC4161C),
            .danger_ground = HEX(0xFBE3E2),
            .danger_ink = HEX(0x7E0C10),
            .on_identity = HEX(0xFFFFFF),
            .highlight = 0.16f,
            .identity = {HEX(0x0069B4), HEX(0xA65200), HEX(0x00785A), HEX(0xA5367F), HEX(0x4F4600),
                         HEX(0x5A49C8), HEX(0xC03A2B), HEX(0x353C47)},
        },
    [THEME_CONTRAST] =
        {
            .name = "contrast",
            .app = HEX(0x000000),
            .panel = HEX(0x000000),
            .user = HEX(0x000000),
            .well = HEX(0x000000),
            .lane = HEX(0x000000),
            .card = HEX(0x000000),
            .kernel = HEX(0x14123A),
            .kernel_dot = HEX(0x3B38A0),
            .kernel_card = HEX(0x000000),
            .kernel_line = HEX(0xB9B6FF),
            .kernel_ink = HEX(0xFFFFFF),
            .wall = HEX(0xFFFFFF),
            .line = HEX(0x8A8A8A),
            .line2 = HEX(0xFFFFFF),
            .ink = HEX(0xFFFFFF),
            .ink2 = HEX(0xFFFFFF),
            .ink3 = HEX(0xE0E0E0),
            .ink4 = HEX(0xBDBDBD),
            .thread = HEX(0xFFFF00),
            .on_thread = HEX(0x000000),
            .danger = HEX(0xFF8080),
            .danger_ground = HEX(0x400000),
            .danger_ink = HEX(0xFFFFFF),
            .on_identity = HEX(0x000000),
            .highlight = 0.3f,
            .identity = {HEX(0x6CC8FF), HEX(0xFFB440), HEX(0x34E0AC), HEX(0xFF9BD8), HEX(0xFFF26B),
                         HEX(0x9C86FF), HEX(0xFF8A5C), HEX(0xFFFFFF)},
        },
};

const Theme *theme_get(ThemeName name) {
    return &THEMES[(unsigned)name < THEME_COUNT ? name : THEME_DARK];
}

bool theme_parse(const char *name, ThemeName *out) {
    for (int i = 0; i < THEME_COUNT; i++) {
        if (strcmp(name, THEMES[i].name) == 0) {
            *out = (ThemeName)i;
            return true;
        }
    }
    return false;
}
