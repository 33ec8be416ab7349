/* parser.c: a stand-in for libnvonnxparser: its one entry, made by the stand-in of libnvinfer.
 *
 * A unit of work is one parser. Only for tests.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

void *createNvOnnxParser_INTERNAL(void *network, void *logger, int version);

/* Of the library of this major, should several be loaded. */
void *createNvOnnxParser_INTERNAL(void *network, void *logger, int version)
{
    void *(*make)(void *, void *, int);
    void *library = dlopen(STANDIN_LIBRARY, RTLD_NOW | RTLD_NOLOAD);
    void *found = library != NULL ? dlsym(library, "standin_make_parser") : NULL;
    if (library != NULL)
        dlclose(library);
    if (found == NULL)
        return NULL;
    memcpy(&make, &found, sizeof make);
    return make(network, logger, version);
}
