/* version.h: the version of the program and the library, in one place.
 *
 * CMakeLists.txt reads the three numbers from here. Not for plug-ins: those state the ABI number
 * of <doubt/engine.h> instead.
 */
#ifndef DOUBT_VERSION_H
#define DOUBT_VERSION_H

#define DOUBT_VERSION_MAJOR 0
#define DOUBT_VERSION_MINOR 1
#define DOUBT_VERSION_PATCH 0
#define DOUBT_VERSION "0.1.0"

#endif
