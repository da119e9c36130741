#include "app/window_dialog.h"

#include "app/process.h"
#include "base/mem.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct Dialog {
    pthread_t thread;
    DialogWork *work;
    char *folder;
    void (*told)(void);
    _Atomic bool ended;
    DialogEnd end; /* this and the text: the thread's until it has ended */
    Buf text;
};

static void *dialog_run(void *context) {
    Dialog *dialog = context;
    dialog->end = dialog_work_run(dialog->work, dialog->folder, &dialog->text);
    atomic_store(&dialog->ended, true);
    dialog->told();
    return NULL;
}

static void dialog_free(Dialog *dialog) {
    if (dialog->work != NULL) {
        dialog_work_destroy(dialog->work);
    }
    buf_finish(&dialog->text);
    free(dialog->folder);
    free(dialog);
}

Dialog *dialog_open(const char *folder, void (*ended)(void)) {
    Dialog *dialog = mem_alloc(1, sizeof *dialog);
    dialog->work = dialog_work_create();
    dialog->folder = mem_copy_text(folder, strlen(folder));
    dialog->told = ended;
    if (dialog->work == NULL || process_thread_start(&dialog->thread, dialog_run, dialog) != 0) {
        dialog_free(dialog);
        return NULL;
    }
    return dialog;
}

bool dialog_has_ended(const Dialog *dialog) {
    return atomic_load(&dialog->ended);
}

void dialog_stop(Dialog *dialog) {
    dialog_work_stop(dialog->work);
}

DialogEnd dialog_close(Dialog *dialog, Buf *text) {
    pthread_join(dialog->thread, NULL);
    const DialogEnd end = dialog->end;
    buf_append_text(text, buf_text(&dialog->text));
    dialog_free(dialog);
    return end;
}
