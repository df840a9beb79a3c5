/* measure/kernel.h - marks a hot loop that is compiled several times, for the processors we meet;
 * the loader picks one. Sanitizer builds have one version: their resolvers would run too early. */
#ifndef MEASURE_KERNEL_H
#define MEASURE_KERNEL_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define KERNEL_ONE 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__clang__) || !defined(__x86_64__) ||             \
    defined(__SANITIZE_THREAD__) || !defined(__linux__)
#define KERNEL_ONE 1
#endif

#ifdef KERNEL_ONE
#define KERNEL
#else
#define KERNEL                                                                                 \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"),               \
                   optimize("O3", "fp-contract=fast", "no-trapping-math", "no-math-errno")))
#endif

#endif
