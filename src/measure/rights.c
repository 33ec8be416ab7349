/* rights.c: see rights.h. */
#include "measure/rights.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

bool doubti_rights_drop(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
    bool all = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    memset(none, 0, sizeof none);
    /* The bounding set first: leaving it takes a capability. Unprivileged processes keep theirs,
     * which is no right by itself. */
    for (int i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
        prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
    return syscall(SYS_capset, &header, none) == 0 && all;
}
