/* ov_int.h: the part of OpenVINO's C interface that the plug-in calls, in our own words, and what
 * its files share.
 *
 * A unit of work is one row: an exported function and its type (checked against the C headers of
 * OpenVINO 2026.4; the same since 2024). Not a replacement for the vendor's headers.
 */
#ifndef DOUBT_OV_INT_H
#define DOUBT_OV_INT_H

#include <doubt/engine.h>
#include <stddef.h>
#include <stdint.h>

/* The library's objects. Statuses are int, 0 on success. */
typedef struct ov_core ov_core;
typedef struct ov_model ov_model;
typedef struct ov_compiled ov_compiled;
typedef struct ov_request ov_request;
typedef struct ov_port ov_port;
typedef struct ov_tensor ov_tensor;

struct ov_version {
    const char *build, *description;
};
struct ov_devices {
    char **names;
    size_t count;
};
struct ov_shape {
    int64_t rank;
    int64_t *dims;
};
struct ov_dimension {
    int64_t min, max;
};
struct ov_partial_shape {
    struct ov_dimension rank;
    struct ov_dimension *dims;
};

struct ov_profile {
    int status;
    int64_t real_us, cpu_us;
    const char *node, *kernel, *type;
};
struct ov_profiles {
    struct ov_profile *items;
    size_t count;
};

/* The variadic call: property_arguments counts the strings behind, two for a property. */
#define OV_CALLS(X)                                                                                \
    X(const char *, ov_get_last_err_msg, (void))                                                   \
    X(const char *, ov_get_error_info, (int))                                                      \
    X(void, ov_free, (const char *))                                                               \
    X(int, ov_get_openvino_version, (struct ov_version *))                                         \
    X(void, ov_version_free, (struct ov_version *))                                                \
    X(int, ov_core_create, (ov_core **))                                                           \
    X(void, ov_core_free, (ov_core *))                                                             \
    X(int, ov_core_get_available_devices, (const ov_core *, struct ov_devices *))                  \
    X(void, ov_available_devices_free, (struct ov_devices *))                                      \
    X(int, ov_core_get_property, (const ov_core *, const char *, const char *, char **))           \
    X(int, ov_core_read_model, (const ov_core *, const char *, const char *, ov_model **))         \
    X(int, ov_core_compile_model,                                                                  \
      (const ov_core *, const ov_model *, const char *, size_t, ov_compiled **, ...))              \
    X(int, ov_model_reshape,                                                                       \
      (const ov_model *, const char **, const struct ov_partial_shape *, size_t))                  \
    X(void, ov_model_free, (ov_model *))                                                           \
    X(int, ov_partial_shape_create_static, (int64_t, const int64_t *, struct ov_partial_shape *))  \
    X(void, ov_partial_shape_free, (struct ov_partial_shape *))                                    \
    X(int, ov_compiled_model_inputs_size, (const ov_compiled *, size_t *))                         \
    X(int, ov_compiled_model_outputs_size, (const ov_compiled *, size_t *))                        \
    X(int, ov_compiled_model_input_by_index, (const ov_compiled *, size_t, ov_port **))            \
    X(int, ov_compiled_model_output_by_index, (const ov_compiled *, size_t, ov_port **))           \
    X(int, ov_compiled_model_get_property, (const ov_compiled *, const char *, char **))           \
    X(int, ov_compiled_model_create_infer_request, (const ov_compiled *, ov_request **))           \
    X(void, ov_compiled_model_free, (ov_compiled *))                                               \
    X(int, ov_port_get_any_name, (const ov_port *, char **))                                       \
    X(int, ov_port_get_element_type, (const ov_port *, int *))                                     \
    X(int, ov_port_get_partial_shape, (const ov_port *, struct ov_partial_shape *))                \
    X(void, ov_output_const_port_free, (ov_port *))                                                \
    X(int, ov_tensor_create_from_host_ptr, (int, struct ov_shape, void *, ov_tensor **))           \
    X(int, ov_tensor_get_shape, (const ov_tensor *, struct ov_shape *))                            \
    X(int, ov_tensor_get_byte_size, (const ov_tensor *, size_t *))                                 \
    X(int, ov_tensor_data, (const ov_tensor *, void **))                                           \
    X(void, ov_tensor_free, (ov_tensor *))                                                         \
    X(int, ov_shape_free, (struct ov_shape *))                                                     \
    X(int, ov_infer_request_set_input_tensor_by_index, (ov_request *, size_t, const ov_tensor *))  \
    X(int, ov_infer_request_set_output_tensor_by_index, (ov_request *, size_t, const ov_tensor *)) \
    X(int, ov_infer_request_get_output_tensor_by_index,                                            \
      (const ov_request *, size_t, ov_tensor **))                                                  \
    X(int, ov_infer_request_infer, (ov_request *))                                                 \
    X(int, ov_infer_request_get_profiling_info, (const ov_request *, struct ov_profiles *))        \
    X(void, ov_profiling_info_list_free, (struct ov_profiles *))                                   \
    X(void, ov_infer_request_free, (ov_request *))

struct ov_api {
#define OV_MEMBER(result, name, arguments) result(*name) arguments;
    OV_CALLS(OV_MEMBER)
#undef OV_MEMBER
};

enum { IN, OUT };

/* One input or output of the compiled model. */
struct ov_slot {
    struct doubt_tensor tensor; /* name is the library's memory */
    ov_tensor *value;           /* over the host's buffer, or an output asked for */
};

struct ov_engine {
    const struct doubt_host *host;
    void *library;
    struct ov_api api;
    ov_core *core;
    ov_model *model;
    ov_compiled *compiled;
    ov_request *request;
    char device[DOUBT_NAME_BYTES];
    struct ov_slot *slots[2]; /* inputs, outputs */
    size_t slot_count[2];
};

/* 0 for status 0; else the library's sentence becomes the reason and -1 is returned. */
int ov_check(struct ov_engine *e, int status, const char *doing);

#define OV_FAIL(e, ...) ((e)->host->fail((e)->host->context, __VA_ARGS__), -1)

/* --- ov_model.c: reading, compiling and describing a model ----------------------------------- */

int ov_open(void *self, const struct doubt_open_request *request);
int ov_describe(void *self, struct doubt_engine_used *used);
void ov_close(void *self);

/* --- ov_layers.c: times of layers --------------------------------------------------------------
 */

int ov_layers(void *self, struct doubt_engine_layer *layers, uint32_t *count);

/* Number of the library's element type for one of ours, and back; -1 and DOUBT_DTYPE_NONE when
 * there is none. */
int ov_type_number(enum doubt_dtype dtype);
enum doubt_dtype ov_type_dtype(int number);

#endif
