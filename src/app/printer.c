#include "app/printer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void printer_init(Printer *printer) {
    *printer = (Printer){.log = NULL};
    pthread_mutex_init(&printer->lock, NULL);
}

void printer_finish(Printer *printer) {
    pthread_mutex_destroy(&printer->lock);
}

void printer_set_log(Printer *printer, const Log *log) {
    pthread_mutex_lock(&printer->lock);
    printer->log = log;
    pthread_mutex_unlock(&printer->lock);
}

static void check_write(Printer *printer, bool written) {
    if (!written && !printer->broken) {
        printer->broken = true;
        fprintf(stderr, "loopscope: standard output can't be written: %s; the run goes on\n",
                strerror(errno));
    }
}

/* A text with its line breaks, as print() writes it. */
static void print_line(Printer *printer, const char *text, size_t length) {
    if (!printer->broken) {
        check_write(printer,
                    fwrite(text, 1, length, stdout) == length && fputc('\n', stdout) != EOF);
    }
}

static void follow(Printer *printer, uint64_t count) {
    for (; printer->seen < count; printer->seen++) {
        const Event *event = log_event(printer->log, printer->seen);
        if (event->kind == EV_OUTPUT && event->a == 0) {
            size_t length = 0;
            const char *text = log_text(printer->log, event->text, &length);
            print_line(printer, text, length);
        }
    }
}

static void flush(Printer *printer) {
    if (!printer->broken) {
        check_write(printer, fflush(stdout) == 0);
    }
}

void printer_follow(Printer *printer, uint64_t count) {
    pthread_mutex_lock(&printer->lock);
    follow(printer, count);
    flush(printer);
    pthread_mutex_unlock(&printer->lock);
}

void printer_print(void *user, const char *text, size_t length) {
    Printer *printer = user;
    pthread_mutex_lock(&printer->lock);
    follow(printer, log_count(printer->log));
    print_line(printer, text, length);
    flush(printer);
    pthread_mutex_unlock(&printer->lock);
}

bool printer_is_broken(Printer *printer) {
    pthread_mutex_lock(&printer->lock);
    const bool broken = printer->broken;
    pthread_mutex_unlock(&printer->lock);
    return broken;
}
