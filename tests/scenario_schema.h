/* docs/scenario.schema.json, and whether a text agrees with it: as much of JSON Schema (2020-12) as
 * the file uses, and a failed test where it uses more.
 *
 * Ownership: schema_read's result is cJSON's to delete. Threads: the test's. */
#ifndef LOOPSCOPE_TESTS_SCENARIO_SCHEMA_H
#define LOOPSCOPE_TESTS_SCENARIO_SCHEMA_H

#include "base/assert.h"
#include "base/buf.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SCHEMA_FILE   "docs/scenario.schema.json"
#define SCHEMA_UNUSED __attribute__((unused))

static bool schema_agrees(const cJSON *schema, const cJSON *rule, const cJSON *value);

SCHEMA_UNUSED static cJSON *schema_read(void) {
    Buf text = {0};
    FILE *file = fopen(SCHEMA_FILE, "rb");
    assert_non_null(file);
    char chunk[4096];
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;) {
        buf_append(&text, chunk, got);
    }
    fclose(file);
    cJSON *schema = cJSON_Parse(buf_text(&text));
    assert_non_null(schema);
    buf_finish(&text);
    return schema;
}

/* {"$ref": "#/$defs/NAME"} */
SCHEMA_UNUSED static const cJSON *schema_follow(const cJSON *schema, const cJSON *reference) {
    static const char BEFORE[] = "#/$defs/";
    assert_memory_equal(reference->valuestring, BEFORE, sizeof BEFORE - 1);
    const cJSON *rule =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(schema, "$defs"),
                                         reference->valuestring + sizeof BEFORE - 1);
    assert_non_null(rule);
    return rule;
}

static bool schema_has_type(const char *type, const cJSON *value) {
    return strcmp(type, "object") == 0   ? cJSON_IsObject(value)
           : strcmp(type, "array") == 0  ? cJSON_IsArray(value)
           : strcmp(type, "string") == 0 ? cJSON_IsString(value)
           : strcmp(type, "number") == 0 ? cJSON_IsNumber(value)
           : strcmp(type, "boolean") == 0
               ? cJSON_IsBool(value)
               : (assert_string_equal(type, "integer"),
                  cJSON_IsNumber(value) && floor(value->valuedouble) == value->valuedouble);
}

static bool schema_matches(const char *pattern, const char *text) {
    regex_t regex;
    assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
    const bool matches = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return matches;
}

static bool schema_is_one_of(const cJSON *values, const cJSON *value) {
    const cJSON *each = NULL;
    cJSON_ArrayForEach(each, values) {
        if (cJSON_Compare(each, value, true)) {
            return true;
        }
    }
    return false;
}

static bool schema_any_of(const cJSON *schema, const cJSON *rules, const cJSON *value) {
    const cJSON *rule = NULL;
    cJSON_ArrayForEach(rule, rules) {
        if (schema_agrees(schema, rule, value)) {
            return true;
        }
    }
    return false;
}

static bool schema_has_all(const cJSON *keys, const cJSON *value) {
    const cJSON *key = NULL;
    cJSON_ArrayForEach(key, keys) {
        if (cJSON_GetObjectItemCaseSensitive(value, key->valuestring) == NULL) {
            return false;
        }
    }
    return true;
}

static bool schema_members_agree(const cJSON *schema, const cJSON *rule, const cJSON *value) {
    const cJSON *known = cJSON_GetObjectItemCaseSensitive(rule, "properties");
    const cJSON *others = cJSON_GetObjectItemCaseSensitive(rule, "additionalProperties");
    const cJSON *names = cJSON_GetObjectItemCaseSensitive(rule, "propertyNames");
    const cJSON *member = NULL;
    cJSON_ArrayForEach(member, value) {
        const cJSON *own = cJSON_GetObjectItemCaseSensitive(known, member->string);
        const cJSON *of_member = own != NULL ? own : others;
        const cJSON name = {.type = cJSON_String, .valuestring = member->string};
        if ((of_member != NULL && !schema_agrees(schema, of_member, member)) ||
            (names != NULL && !schema_agrees(schema, names, &name))) {
            return false;
        }
    }
    return true;
}

static bool schema_items_agree(const cJSON *schema, const cJSON *rule, const cJSON *value) {
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, value) {
        if (!schema_agrees(schema, rule, item)) {
            return false;
        }
    }
    return true;
}

static bool schema_items_differ(const cJSON *value) {
    for (const cJSON *a = value->child; a != NULL; a = a->next) {
        for (const cJSON *b = a->next; b != NULL; b = b->next) {
            if (cJSON_Compare(a, b, true)) {
                return false;
            }
        }
    }
    return true;
}

/* A keyword is met, or does not speak of this type. */
static bool schema_keyword(const cJSON *schema, const cJSON *rule, const cJSON *word,
                           const cJSON *value) {
    static const char *const COMMENTS[] = {"$schema", "$defs",    "title",
                                           "default", "examples", "description"};
    const char *key = word->string;
    if (strcmp(key, "$ref") == 0) {
        return schema_agrees(schema, schema_follow(schema, word), value);
    } else if (strcmp(key, "type") == 0) {
        return schema_has_type(word->valuestring, value);
    } else if (strcmp(key, "enum") == 0) {
        return schema_is_one_of(word, value);
    } else if (strcmp(key, "anyOf") == 0) {
        return schema_any_of(schema, word, value);
    } else if (strcmp(key, "not") == 0) {
        return !schema_agrees(schema, word, value);
    } else if (strcmp(key, "pattern") == 0) {
        return !cJSON_IsString(value) || schema_matches(word->valuestring, value->valuestring);
    } else if (strcmp(key, "minLength") == 0) {
        assert_true(word->valuedouble == 1);
        return !cJSON_IsString(value) || value->valuestring[0] != '\0';
    } else if (strcmp(key, "minimum") == 0) {
        return !cJSON_IsNumber(value) || value->valuedouble >= word->valuedouble;
    } else if (strcmp(key, "maximum") == 0) {
        return !cJSON_IsNumber(value) || value->valuedouble <= word->valuedouble;
    } else if (strcmp(key, "minItems") == 0) {
        return !cJSON_IsArray(value) || cJSON_GetArraySize(value) >= word->valuedouble;
    } else if (strcmp(key, "maxItems") == 0) {
        return !cJSON_IsArray(value) || cJSON_GetArraySize(value) <= word->valuedouble;
    } else if (strcmp(key, "uniqueItems") == 0) {
        return !cJSON_IsArray(value) || schema_items_differ(value);
    } else if (strcmp(key, "items") == 0) {
        return !cJSON_IsArray(value) || schema_items_agree(schema, word, value);
    } else if (strcmp(key, "required") == 0) {
        return !cJSON_IsObject(value) || schema_has_all(word, value);
    } else if (strcmp(key, "additionalProperties") == 0) { /* and what belongs to it */
        return !cJSON_IsObject(value) || schema_members_agree(schema, rule, value);
    } else if (strcmp(key, "properties") == 0 || strcmp(key, "propertyNames") == 0) {
        assert_non_null(cJSON_GetObjectItemCaseSensitive(rule, "additionalProperties"));
        return true;
    }
    for (size_t i = 0; i < sizeof COMMENTS / sizeof COMMENTS[0]; i++) {
        if (strcmp(key, COMMENTS[i]) == 0) {
            return true;
        }
    }
    fail_msg("the schema has a keyword \"%s\" that the test does not know", key);
    return false;
}

/* `rule` is a part of the schema: true, false or an object of keywords. */
static bool schema_agrees(const cJSON *schema, const cJSON *rule, const cJSON *value) {
    if (cJSON_IsBool(rule)) {
        return cJSON_IsTrue(rule);
    }
    const cJSON *word = NULL;
    cJSON_ArrayForEach(word, rule) {
        if (!schema_keyword(schema, rule, word, value)) {
            return false;
        }
    }
    return true;
}

/* Whether a whole text agrees; *is_json tells whether it is JSON at all. */
SCHEMA_UNUSED static bool schema_accepts(const cJSON *schema, const char *text, size_t size_bytes,
                                         bool *is_json) {
    static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";
    const size_t mark = size_bytes >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0 ? 3 : 0;
    cJSON *value = cJSON_ParseWithLength(text + mark, size_bytes - mark);
    *is_json = value != NULL;
    const bool accepts = value != NULL && schema_agrees(schema, schema, value);
    cJSON_Delete(value);
    return accepts;
}

#endif
