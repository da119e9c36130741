#include "ui/kerning.h"

#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include FT_TRUETYPE_TABLES_H
#include FT_TRUETYPE_TAGS_H

/* The names are those of the OpenType specification, chapter GPOS. */
enum { LOOKUPS_MAX = 64, LOOKUP_PAIR = 2, LOOKUP_EXTENSION = 9, VALUE_X_ADVANCE = 4 };

struct Kerning {
    uint8_t *data;
    uint32_t size_bytes;
    uint32_t lookups[LOOKUPS_MAX]; /* offsets of the feature's lookup tables */
    uint32_t lookup_count;
};

static uint32_t u16_at(const Kerning *kerning, uint32_t offset) {
    if (offset > kerning->size_bytes || kerning->size_bytes - offset < 2) {
        return 0;
    }
    return ((uint32_t)kerning->data[offset] << 8) | kerning->data[offset + 1];
}

static uint32_t u32_at(const Kerning *kerning, uint32_t offset) {
    return (u16_at(kerning, offset) << 16) | u16_at(kerning, offset + 2);
}

static int i16_at(const Kerning *kerning, uint32_t offset) {
    return (int16_t)u16_at(kerning, offset);
}

static uint32_t add_offset(uint32_t base, uint32_t offset) {
    return offset > UINT32_MAX - base ? UINT32_MAX : base + offset;
}

/* The table at a 16-bit offset; UINT32_MAX, which reads as zeros, where there is none. */
static uint32_t table_at(const Kerning *kerning, uint32_t base, uint32_t field) {
    const uint32_t offset = u16_at(kerning, add_offset(base, field));
    return offset == 0 ? UINT32_MAX : add_offset(base, offset);
}

/* ---- glyph sets ---- */

/* The record of three words (first, last, value) whose range holds the glyph, or UINT32_MAX. */
static uint32_t range_of(const Kerning *kerning, uint32_t records, uint32_t count, uint32_t glyph) {
    uint32_t low = 0, high = count;
    while (low < high) {
        const uint32_t middle = (low + high) / 2, record = add_offset(records, middle * 6);
        if (glyph < u16_at(kerning, record)) {
            high = middle;
        } else if (glyph > u16_at(kerning, add_offset(record, 2))) {
            low = middle + 1;
        } else {
            return record;
        }
    }
    return UINT32_MAX;
}

/* The index of a glyph in a coverage table, or UINT32_MAX. */
static uint32_t coverage_index(const Kerning *kerning, uint32_t table, uint32_t glyph) {
    const uint32_t count = u16_at(kerning, add_offset(table, 2));
    if (u16_at(kerning, table) == 2) {
        const uint32_t record = range_of(kerning, add_offset(table, 4), count, glyph);
        return record == UINT32_MAX
                   ? UINT32_MAX
                   : u16_at(kerning, add_offset(record, 4)) + glyph - u16_at(kerning, record);
    }
    uint32_t low = 0, high = u16_at(kerning, table) == 1 ? count : 0;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        const uint32_t at = u16_at(kerning, add_offset(table, 4 + middle * 2));
        if (at == glyph) {
            return middle;
        }
        if (glyph < at) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return UINT32_MAX;
}

static uint32_t class_of(const Kerning *kerning, uint32_t table, uint32_t glyph) {
    if (u16_at(kerning, table) == 1) {
        const uint32_t start = u16_at(kerning, add_offset(table, 2));
        const uint32_t count = u16_at(kerning, add_offset(table, 4));
        return glyph < start || glyph - start >= count
                   ? 0
                   : u16_at(kerning, add_offset(table, 6 + (glyph - start) * 2));
    }
    if (u16_at(kerning, table) != 2) {
        return 0;
    }
    const uint32_t count = u16_at(kerning, add_offset(table, 2));
    const uint32_t record = range_of(kerning, add_offset(table, 4), count, glyph);
    return record == UINT32_MAX ? 0 : u16_at(kerning, add_offset(record, 4));
}

/* ---- pairs ---- */

/* The size of a value record: two bytes a bit. */
static uint32_t value_size(uint32_t format) {
    uint32_t size_bytes = 0;
    for (; format != 0; format &= format - 1) {
        size_bytes += 2;
    }
    return size_bytes;
}

static int value_x_advance(const Kerning *kerning, uint32_t value, uint32_t format) {
    if ((format & VALUE_X_ADVANCE) == 0) {
        return 0;
    }
    return i16_at(kerning, add_offset(value, value_size(format & (VALUE_X_ADVANCE - 1))));
}

/* Whether the subtable has a word on the pair; then the lookup's later subtables do not count. */
static bool pair_in_subtable(const Kerning *kerning, uint32_t table, uint32_t left, uint32_t right,
                             int *units) {
    const uint32_t format = u16_at(kerning, table);
    const uint32_t index = coverage_index(kerning, table_at(kerning, table, 2), left);
    if (index == UINT32_MAX || (format != 1 && format != 2)) {
        return false;
    }
    const uint32_t value1 = u16_at(kerning, add_offset(table, 4));
    const uint32_t value2 = u16_at(kerning, add_offset(table, 6));
    const uint32_t size_bytes = value_size(value1) + value_size(value2);
    if (format == 1) {
        const uint32_t set = table_at(kerning, table, 10 + index * 2);
        uint32_t low = 0, high = u16_at(kerning, set);
        while (low < high) {
            const uint32_t middle = (low + high) / 2;
            const uint32_t record = add_offset(set, 2 + middle * (2 + size_bytes));
            const uint32_t second = u16_at(kerning, record);
            if (second == right) {
                *units += value_x_advance(kerning, add_offset(record, 2), value1);
                return true;
            }
            if (right < second) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return false;
    }
    const uint32_t class1 = class_of(kerning, table_at(kerning, table, 8), left);
    const uint32_t class2 = class_of(kerning, table_at(kerning, table, 10), right);
    const uint32_t count1 = u16_at(kerning, add_offset(table, 12));
    const uint32_t count2 = u16_at(kerning, add_offset(table, 14));
    if (class1 >= count1 || class2 >= count2) {
        return false;
    }
    const uint32_t cell = (class1 * count2 + class2) * size_bytes;
    *units += value_x_advance(kerning, add_offset(table, add_offset(16, cell)), value1);
    return true;
}

int kerning_between(const Kerning *kerning, uint32_t left, uint32_t right) {
    int units = 0;
    for (uint32_t i = 0; kerning != NULL && i < kerning->lookup_count; i++) {
        const uint32_t lookup = kerning->lookups[i];
        const uint32_t type = u16_at(kerning, lookup);
        const uint32_t count = u16_at(kerning, add_offset(lookup, 4));
        for (uint32_t k = 0; k < count; k++) {
            uint32_t table = table_at(kerning, lookup, 6 + k * 2);
            uint32_t kind = type;
            if (type == LOOKUP_EXTENSION && u16_at(kerning, table) == 1) {
                kind = u16_at(kerning, add_offset(table, 2));
                table = add_offset(table, u32_at(kerning, add_offset(table, 4)));
            }
            if (kind == LOOKUP_PAIR && pair_in_subtable(kerning, table, left, right, &units)) {
                break;
            }
        }
    }
    return units;
}

/* ---- loading ---- */

/* The entry of a list of (tag, 16-bit offset) records, or UINT32_MAX. */
static uint32_t tagged_table(const Kerning *kerning, uint32_t list, uint32_t base, uint32_t tag) {
    const uint32_t count = u16_at(kerning, list);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t record = add_offset(list, 2 + i * 6);
        if (u32_at(kerning, record) == tag) {
            return table_at(kerning, base, record + 4 - base);
        }
    }
    return UINT32_MAX;
}

static void add_feature(Kerning *kerning, uint32_t feature, uint32_t lookup_list) {
    const uint32_t count = u16_at(kerning, add_offset(feature, 2));
    for (uint32_t i = 0; i < count && kerning->lookup_count < LOOKUPS_MAX; i++) {
        const uint32_t index = u16_at(kerning, add_offset(feature, 4 + i * 2));
        if (index < u16_at(kerning, lookup_list)) {
            const uint32_t lookup = table_at(kerning, lookup_list, 2 + index * 2);
            kerning->lookups[kerning->lookup_count++] = lookup;
        }
    }
}

static void find_lookups(Kerning *kerning) {
    const uint32_t scripts = table_at(kerning, 0, 4), features = table_at(kerning, 0, 6);
    const uint32_t lookups = table_at(kerning, 0, 8);
    uint32_t script = tagged_table(kerning, scripts, scripts, FT_MAKE_TAG('l', 'a', 't', 'n'));
    if (script == UINT32_MAX) {
        script = tagged_table(kerning, scripts, scripts, FT_MAKE_TAG('D', 'F', 'L', 'T'));
    }
    const uint32_t language = table_at(kerning, script, 0);
    const uint32_t count = u16_at(kerning, add_offset(language, 4));
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t index = u16_at(kerning, add_offset(language, 6 + i * 2));
        const uint32_t record = add_offset(features, 2 + index * 6);
        if (index < u16_at(kerning, features) &&
            u32_at(kerning, record) == FT_MAKE_TAG('k', 'e', 'r', 'n')) {
            add_feature(kerning, table_at(kerning, features, record + 4 - features), lookups);
        }
    }
}

Kerning *kerning_load(FT_Face face) {
    FT_ULong size_bytes = 0;
    if (FT_Load_Sfnt_Table(face, FT_MAKE_TAG('G', 'P', 'O', 'S'), 0, NULL, &size_bytes) != 0 ||
        size_bytes < 10 || size_bytes > (64U << 20)) {
        return NULL;
    }
    Kerning *kerning = mem_alloc(1, sizeof *kerning);
    kerning->data = mem_alloc(size_bytes, 1);
    kerning->size_bytes = (uint32_t)size_bytes;
    if (FT_Load_Sfnt_Table(face, FT_MAKE_TAG('G', 'P', 'O', 'S'), 0, kerning->data, &size_bytes) !=
        0) {
        kerning_destroy(kerning);
        return NULL;
    }
    find_lookups(kerning);
    return kerning;
}

void kerning_destroy(Kerning *kerning) {
    if (kerning != NULL) {
        free(kerning->data);
        free(kerning);
    }
}
