/* sanitizers.h: with which sanitizers a test was compiled, by gcc's macros or clang's features.
 *
 * Only for what a sanitizer itself makes impossible: limits of the address space, peaks of memory.
 */
#ifndef SANITIZERS_H
#define SANITIZERS_H

#if defined(__has_feature)
#define SANITIZERS_FEATURE(name) __has_feature(name)
#else
#define SANITIZERS_FEATURE(name) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || SANITIZERS_FEATURE(address_sanitizer)
#define SANITIZED_ADDRESS 1
#else
#define SANITIZED_ADDRESS 0
#endif

#if defined(__SANITIZE_THREAD__) || SANITIZERS_FEATURE(thread_sanitizer)
#define SANITIZED_THREAD 1
#else
#define SANITIZED_THREAD 0
#endif

#if defined(__SANITIZE_UNDEFINED__) || SANITIZERS_FEATURE(undefined_behavior_sanitizer)
#define SANITIZED_UNDEFINED 1
#else
#define SANITIZED_UNDEFINED 0
#endif

#endif
