#include "view/typed.h"

#include <ctype.h>
#include <string.h>

bool typed_add(char *text, size_t size_bytes, const char *key, bool shift) {
    const bool space = strcmp(key, "Space") == 0;
    const bool letter = isalpha((unsigned char)key[0]) && key[1] == '\0';
    const bool sign = (unsigned char)key[0] >= 0x80 || key[1] == '\0';
    const size_t length = strlen(text), more = space ? 1 : strlen(key);
    if ((!space && !sign) || more == 0 || length + more >= size_bytes) {
        return false;
    }
    memcpy(text + length, space ? " " : key, more);
    if (letter && !shift) {
        text[length] = (char)tolower((unsigned char)key[0]);
    }
    text[length + more] = '\0';
    return true;
}

void typed_erase(char *text, bool part) {
    size_t length = strlen(text);
    do {
        while (length > 0 && ((unsigned char)text[--length] & 0xC0) == 0x80) {
        }
    } while (part && length > 0 && text[length - 1] != '/' && text[length - 1] != '\\');
    text[length] = '\0';
}
