/* Files: the live trace holds whole lines at any time and says once when it can't go on; an export
 * appears whole or not at all. */
#include "trace_random.h"

#include "export/export.h"
#include "export/outfile.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static int make_folder(void **unused) {
    (void)unused;
    snprintf(folder, sizeof folder, "/tmp/loopscope-test-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static bool write_lines(const Log *log, uint64_t end, const char *file, Diags *diags) {
    return export_format_of("x.jsonl")->write(&(ExportJob){.log = log, .end = end, .file = file},
                                              diags);
}

static const char *in_folder(const char *name) {
    static char paths[4][128];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static size_t files_in_folder(void) {
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(dir);
    return count;
}

static int remove_folder(void **unused) {
    (void)unused;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        unlink(in_folder(entry->d_name));
    }
    closedir(dir);
    return rmdir(folder);
}

static void read_file(const char *path, Buf *out) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char block[4096];
    buf_clear(out);
    for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;) {
        buf_append(out, block, got);
    }
    fclose(file);
}

static void must_text(const Log *log, uint64_t count, Buf *out) {
    buf_clear(out);
    export_header_line(log, out);
    for (uint64_t n = 0; n < count; n++) {
        export_event_line(log, n, out);
    }
}

static void file_is(const char *path, const Buf *must) {
    Buf is = {0};
    read_file(path, &is);
    assert_int_equal(is.size_bytes, must->size_bytes);
    assert_memory_equal(buf_text(&is), buf_text(must), is.size_bytes);
    buf_finish(&is);
}

static void a_live_trace_is_always_whole(void **unused) {
    (void)unused;
    Log *log = random_log(6, 3, 9, 5000);
    Tape live = tape_make();
    for (uint32_t text = 0; text < log_text_count(log); text++) {
        size_t length = 0;
        const char *bytes = log_text(log, text, &length);
        log_add_text(live.log, bytes, length);
    }
    Diags diags = {0};
    Buf must = {0};
    const char *path = in_folder("live.jsonl");
    TraceWriter *writer = trace_writer_create(live.log, path, &diags);
    assert_non_null(writer);
    for (uint64_t n = 0; n < log_count(log); n++) {
        log_append(live.log, log_event(log, n));
        if (n % 501 == 0) {
            assert_true(trace_writer_follow(writer, &diags));
            must_text(live.log, n + 1, &must);
            file_is(path, &must); /* as a run killed now would leave it */
        }
    }
    assert_true(trace_writer_close(writer, &diags));
    assert_int_equal(diags.count, 0);
    must_text(log, log_count(log), &must);
    file_is(path, &must);
    unlink(path);
    buf_finish(&must);
    tape_finish(&live);
    log_destroy(log);
}

static void a_trace_of_nothing_has_its_header(void **unused) {
    (void)unused;
    Log *log = log_create();
    Diags diags = {0};
    Buf must = {0};
    const char *path = in_folder("empty.jsonl");
    TraceWriter *writer = trace_writer_create(log, path, &diags);
    assert_true(trace_writer_close(writer, &diags));
    must_text(log, 0, &must);
    file_is(path, &must);
    unlink(path);
    buf_finish(&must);
    log_destroy(log);
}

/* A limit on the size of files stands for a full disk: writes come short, then fail. */
static void a_full_disk_leaves_whole_lines(void **unused) {
    (void)unused;
    Log *log = random_log(7, 3, 9, 3000);
    Diags diags = {0};
    Buf must = {0};
    const char *path = in_folder("full.jsonl");
    struct rlimit old, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t limit = 1; limit < 4000; limit = limit * 3 + 11) {
        small = (struct rlimit){.rlim_cur = limit, .rlim_max = old.rlim_max};
        TraceWriter *writer = trace_writer_create(log, path, &diags);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        const bool followed = trace_writer_follow(writer, &diags);
        const bool again = trace_writer_follow(writer, &diags);
        const bool closed = trace_writer_close(writer, &diags);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        assert_false(followed || again || closed);
        assert_int_equal(diags.count, 1); /* told once */
        assert_non_null(strstr(diags.items[0].message, "File too large"));
        uint64_t whole = 0;
        must_text(log, 0, &must);
        while (must.size_bytes <= limit) { /* as many lines as fit */
            export_event_line(log, whole++, &must);
        }
        buf_clear(&must);
        if (whole > 0) {
            must_text(log, whole - 1, &must);
        }
        file_is(path, &must);
        diags_finish(&diags);
    }
    unlink(path);
    buf_finish(&must);
    log_destroy(log);
}

static void trouble_with_the_trace_is_told(void **unused) {
    (void)unused;
    Log *log = random_log(7, 3, 9, 300);
    Diags diags = {0};
    assert_null(trace_writer_create(log, in_folder("no/such/folder.jsonl"), &diags));
    assert_null(trace_writer_create(log, folder, &diags));
    assert_int_equal(diags.count, 2);
    assert_non_null(strstr(diags.items[0].message, "No such file or directory"));
    TraceWriter *writer = trace_writer_create(log, "/dev/full", &diags);
    assert_non_null(writer);
    assert_false(trace_writer_follow(writer, &diags));
    assert_false(trace_writer_close(writer, &diags));
    assert_int_equal(diags.count, 3);
    assert_non_null(strstr(diags.items[2].message, "No space left on device"));
    writer = trace_writer_create(log, "/dev/null", &diags);
    assert_true(trace_writer_close(writer, &diags));
    diags_finish(&diags);
    log_destroy(log);
}

/* ---- files that appear whole or not at all ---- */

static void an_outfile_appears_at_commit(void **unused) {
    (void)unused;
    Diags diags = {0};
    const char *path = in_folder("out.bin");
    Outfile *out = outfile_create(path, &diags);
    assert_non_null(out);
    char *big = mem_alloc(300000, 1);
    memset(big, 'q', 300000);
    assert_true(outfile_write(out, "head", 4, &diags));
    assert_true(outfile_write(out, big, 300000, &diags));
    assert_true(outfile_write(out, "", 0, &diags));
    assert_true(outfile_write(out, "tail", 4, &diags));
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(files_in_folder(), 1); /* the temporary */
    assert_true(outfile_commit(out, &diags));
    assert_int_equal(files_in_folder(), 1);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_size, 300008);
    out = outfile_create(path, &diags); /* the old file stays until the new one is whole */
    assert_true(outfile_write(out, "new", 3, &diags));
    outfile_discard(out);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_size, 300008);
    assert_int_equal(files_in_folder(), 1);
    outfile_discard(NULL);
    assert_int_equal(diags.count, 0);
    unlink(path);
    free(big);
}

static void an_outfile_replaces_as_it_was(void **unused) {
    (void)unused;
    Diags diags = {0};
    const char *path = in_folder("mode.bin"), *link = in_folder("link.bin");
    fclose(fopen(path, "w"));
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(symlink("mode.bin", link), 0);
    Outfile *out = outfile_create(link, &diags);
    assert_true(outfile_write(out, "abc", 3, &diags));
    assert_true(outfile_commit(out, &diags));
    struct stat info;
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_size, 3);
    assert_int_equal(info.st_mode & 0777, 0640);
    unlink(link);
    unlink(path);
}

static void an_outfile_never_replaces_a_device(void **unused) {
    (void)unused;
    Diags diags = {0};
    Outfile *out = outfile_create("/dev/null", &diags);
    assert_true(outfile_write(out, "abc", 3, &diags));
    assert_true(outfile_commit(out, &diags));
    struct stat info;
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
    out = outfile_create("/dev/full", &diags);
    assert_true(outfile_write(out, "abc", 3, &diags)); /* kept until it is much */
    assert_false(outfile_commit(out, &diags));
    assert_int_equal(diags.count, 1);
    assert_non_null(strstr(diags.items[0].message, "No space left"));
    diags_finish(&diags);
}

static void trouble_with_an_outfile_leaves_nothing(void **unused) {
    (void)unused;
    Diags diags = {0};
    assert_null(outfile_create(in_folder("no/such/file"), &diags));
    assert_null(outfile_create(folder, &diags));
    assert_int_equal(diags.count, 2);
    struct rlimit old, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){.rlim_cur = 100, .rlim_max = old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    Log *log = random_log(7, 3, 9, 300);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const bool written = write_lines(log, 300, in_folder("x.jsonl"), &diags);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_false(written);
    assert_int_equal(diags.count, 3);
    assert_int_equal(files_in_folder(), 0);
    log_destroy(log);
    diags_finish(&diags);
}

static void formats_by_ending(void **unused) {
    (void)unused;
    assert_string_equal(export_format_of("a/b.jsonl")->ending, ".jsonl");
    assert_string_equal(export_format_of("a.b.PNG")->ending, ".png");
    assert_null(export_format_of("png"));
    assert_null(export_format_of(".png"));
    assert_null(export_format_of("a.bmp"));
    assert_null(export_format_of(""));
    for (size_t i = 0; i < EXPORT_FORMAT_COUNT; i++) {
        assert_true(strchr("./", EXPORT_FORMATS[i].ending[0]) != NULL);
        assert_true(EXPORT_FORMATS[i].about[0] != '\0');
        assert_true(EXPORT_FORMATS[i].name[0] != '\0');
    }
    Log *log = random_log(8, 3, 9, 40000);
    Diags diags = {0};
    Buf must = {0};
    const char *path = in_folder("x.jsonl");
    assert_true(write_lines(log, log_count(log), path, &diags));
    must_text(log, log_count(log), &must);
    file_is(path, &must);
    unlink(path);
    buf_finish(&must);
    log_destroy(log);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_live_trace_is_always_whole),
        cmocka_unit_test(a_trace_of_nothing_has_its_header),
        cmocka_unit_test(a_full_disk_leaves_whole_lines),
        cmocka_unit_test(trouble_with_the_trace_is_told),
        cmocka_unit_test(an_outfile_appears_at_commit),
        cmocka_unit_test(an_outfile_replaces_as_it_was),
        cmocka_unit_test(an_outfile_never_replaces_a_device),
        cmocka_unit_test(trouble_with_an_outfile_leaves_nothing),
        cmocka_unit_test(formats_by_ending),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
