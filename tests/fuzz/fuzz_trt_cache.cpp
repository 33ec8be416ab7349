/* fuzz_trt_cache.cpp: any bytes as a kept plan of TensorRT's, and as what its key is made of.
 *
 * A unit of work is one file of the cache. Nothing is taken but a file that is, byte for byte, what
 * would be written for this key and this content. Seeds: seeds/trt_cache.
 */
#include "../../engines/tensorrt/trt_cache.cpp"

#include "tree.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUTS_MAX = 64, MANY = 1, WHOLE = 2, CHANGED = 4, TIMING = 8 };

static void host_note(void *, const char *, ...)
{
}

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* Sizes and names of inputs out of the bytes. */
static void set_inputs(trt_engine *e, doubt_tensor *inputs, const char *text, unsigned how)
{
    size_t len = strlen(text);
    e->request.inputs = inputs;
    e->request.input_count = how & MANY ? INPUTS_MAX : how >> 4;
    for (uint32_t i = 0; i < e->request.input_count; i++) {
        inputs[i].name = text + (len > 0 ? i % len : 0);
        inputs[i].rank = static_cast<int32_t>((len + i) % (DOUBT_RANK_MAX + 1));
        for (int32_t d = 0; d < inputs[i].rank; d++)
            inputs[i].dims[d] = static_cast<int64_t>((len + 1) * (i + 1)) << (8 * (d % 7));
    }
}

/* The file as it would be written for this content, some bytes of it changed. */
static size_t make_file(const trt_key *key, const uint8_t *data, size_t size, unsigned how,
                        char *file)
{
    size_t header = how & WHOLE ? make_header(key, data, size, file) : 0;
    memcpy(file + header, data, size);
    for (size_t i = 0; (how & CHANGED) != 0 && i + 1 < size; i += 2)
        file[(data[i] << 8 | data[i + 1]) % (header + size)] ^= static_cast<char>(1 + i % 255);
    return header + size;
}

static void put_file(const char *path, const char *file, size_t bytes)
{
    FILE *to = fopen(path, "we");
    check(to != nullptr && fwrite(file, 1, bytes, to) == bytes && fclose(to) == 0);
}

static void check_taken(const trt_key *key, const void *taken, size_t taken_bytes, const char *file,
                        size_t bytes)
{
    char header[HEADER_MAX];
    size_t before = make_header(key, taken, taken_bytes, header);
    check(before + taken_bytes == bytes && memcmp(file, header, before) == 0 &&
          memcmp(file + before, taken, taken_bytes) == 0);
}

static void try_file(trt_engine *e, const uint8_t *data, size_t size, unsigned how)
{
    static trt_key key;
    char path[PATH_BYTES];
    size_t taken_bytes = 0;
    char *file = static_cast<char *>(malloc(HEADER_MAX + size));
    check(file != nullptr);
    if (how & TIMING)
        make_timing_key(e, &key);
    else
        make_plan_key(e, &key);
    check(key.len < KEY_BYTES && strlen(key.text) == key.len && key.text[key.len - 1] == '\n');
    make_path(e, &key, how & TIMING ? "timing" : "plan", path);
    size_t bytes = make_file(&key, data, size, how, file);
    put_file(path, file, bytes);
    void *taken = how & TIMING ? trt_cache_read_timing(e, &taken_bytes)
                               : trt_cache_read_plan(e, &taken_bytes);
    if (taken != nullptr)
        check_taken(&key, taken, taken_bytes, file, bytes);
    /* An empty line within the key ends it too early: such a file is written anew every time. */
    if ((how & (WHOLE | CHANGED)) == WHOLE && strstr(key.text, "\n\n") == nullptr)
        check(taken != nullptr);
    free(taken);
    unlink(path);
    free(file);
}

/* The first byte says what is done with the rest. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static doubt_tensor inputs[INPUTS_MAX];
    doubt_host host = {};
    host.note = host_note;
    if (tree_root[0] == '\0')
        tree_make(nullptr, 0);
    if (size < 1)
        return 0;
    trt_engine *e = static_cast<trt_engine *>(calloc(1, sizeof *e));
    char *text = static_cast<char *>(malloc(size));
    check(e != nullptr && text != nullptr);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    e->host = &host;
    e->request.cache_folder = tree_root;
    e->options.engine_cache = e->options.timing_cache = 1;
    snprintf(e->device_info.name, sizeof e->device_info.name, "%s", text);
    snprintf(e->driver_text, sizeof e->driver_text, "%s", text);
    trt_digest(data, size, e->model_digest);
    set_inputs(e, inputs, text, data[0]);
    try_file(e, data + 1, size - 1, data[0]);
    free(text);
    free(e);
    return 0;
}
