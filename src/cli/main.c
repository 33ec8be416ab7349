/* main.c: where the program begins: as a worker process, or as the command line.
 *
 * A unit of work is one process. Nothing may come before the worker's dispatch: a worker measures,
 * so it must not carry state of the command line. Everything else is in cli.c.
 */
#include "cli/cmd.h"
#include "measure/series.h"

#include <string.h>

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], DOUBT_WORKER_WORD) == 0)
        return doubt_worker_main(argc, argv);
    return doubt_cli_main(argc, argv);
}
