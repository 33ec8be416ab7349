/* peak_kernels.c: multiply-adds on registers and reads of memory, for the widest vectors there are.
 *
 * A unit of work is one round: CHAINS independent chains get one multiply-add each, more than
 * latency times pipes of any CPU known (4 cycles x 2 pipes to 5 x 4), and no more than there are
 * registers. The factor is below 1 and the summand small, so that values stay near 1: neither
 * infinite nor denormal. Not for timing: peak.c.
 */
#include "machine/peak_kernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/* The compiler may neither see that chains are alike nor what they come to. */
#define OPAQUE4(kind, a, b, c, d)                                                                  \
    __asm__ volatile("" : "+" kind(a), "+" kind(b), "+" kind(c), "+" kind(d));
#define OPAQUE12(kind)                                                                             \
    OPAQUE4(kind, c0, c1, c2, c3)                                                                  \
    OPAQUE4(kind, c4, c5, c6, c7)                                                                  \
    OPAQUE4(kind, c8, c9, c10, c11)
#define EACH12(m) m(0) m(1) m(2) m(3) m(4) m(5) m(6) m(7) m(8) m(9) m(10) m(11)
enum { CHAINS = 12 };

#if defined(__x86_64__)

/* GCC 10 and clang 9 know the bfloat16 instructions. */
#if defined(__clang__) ? __clang_major__ >= 9 : __GNUC__ >= 10
#define HAVE_BF16 1
#endif

#define BEGIN(i) c##i = start;
#define SUM(i) total += c##i[0];

__attribute__((target("avx512f"))) static float f32_avx512(int64_t rounds)
{
    const __m512 a = _mm512_set1_ps(0.999f), b = _mm512_set1_ps(0.001f);
    const __m512 start = _mm512_set1_ps(1.0f);
    __m512 c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11;
    float total = 0;
    EACH12(BEGIN)
#define STEP(i) c##i = _mm512_fmadd_ps(c##i, a, b);
    for (int64_t r = 0; r < rounds; r++) {
        EACH12(STEP)
        OPAQUE12("v")
    }
#undef STEP
    EACH12(SUM)
    return total;
}

__attribute__((target("avx2,fma"))) static float f32_avx2(int64_t rounds)
{
    const __m256 a = _mm256_set1_ps(0.999f), b = _mm256_set1_ps(0.001f);
    const __m256 start = _mm256_set1_ps(1.0f);
    __m256 c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11;
    float total = 0;
    EACH12(BEGIN)
#define STEP(i) c##i = _mm256_fmadd_ps(c##i, a, b);
    for (int64_t r = 0; r < rounds; r++) {
        EACH12(STEP)
        OPAQUE12("x")
    }
#undef STEP
    EACH12(SUM)
    return total;
}

/* Two instructions where there is no fused one. */
static float f32_sse2(int64_t rounds)
{
    const __m128 a = _mm_set1_ps(0.999f), b = _mm_set1_ps(0.001f), start = _mm_set1_ps(1.0f);
    __m128 c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11;
    float total = 0;
    EACH12(BEGIN)
#define STEP(i) c##i = _mm_add_ps(_mm_mul_ps(c##i, a), b);
    for (int64_t r = 0; r < rounds; r++) {
        EACH12(STEP)
        OPAQUE12("x")
    }
#undef STEP
    EACH12(SUM)
    return total;
}

struct doubti_peak_kernel doubti_peak_f32(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        return (struct doubti_peak_kernel){f32_avx512, CHAINS * 16 * 2, "AVX-512, 16 lanes"};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return (struct doubti_peak_kernel){f32_avx2, CHAINS * 8 * 2, "AVX2 and FMA, 8 lanes"};
    return (struct doubti_peak_kernel){f32_sse2, CHAINS * 4 * 2, "SSE2, 4 lanes"};
}

#if defined(HAVE_BF16)
/* 32 products in one instruction. Inputs are 0: the instruction's time does not depend on them. */
__attribute__((target("avx512f,avx512bf16"))) static float bf16_avx512(int64_t rounds)
{
    const __m512bh a = (__m512bh)_mm512_setzero_si512();
    const __m512 start = _mm512_set1_ps(1.0f);
    __m512 c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11;
    float total = 0;
    EACH12(BEGIN)
#define STEP(i) c##i = _mm512_dpbf16_ps(c##i, a, a);
    for (int64_t r = 0; r < rounds; r++) {
        EACH12(STEP)
        OPAQUE12("v")
    }
#undef STEP
    EACH12(SUM)
    return total;
}
#endif

struct doubti_peak_kernel doubti_peak_bf16(void)
{
    unsigned a = 0, b = 0, c = 0, d = 0;
    __builtin_cpu_init();
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && (d & (1u << 22)))
        return (struct doubti_peak_kernel){NULL, 0, "this CPU has AMX, which is not measured"};
    if (!__builtin_cpu_supports("avx512f") || !__get_cpuid_count(7, 1, &a, &b, &c, &d) ||
        !(a & (1u << 5)))
        return (struct doubti_peak_kernel){NULL, 0, "this CPU does not compute in bf16"};
#if defined(HAVE_BF16)
    return (struct doubti_peak_kernel){bf16_avx512, CHAINS * 32 * 2, "AVX-512 BF16"};
#else
    return (struct doubti_peak_kernel){NULL, 0, "the compiler did not know the instructions"};
#endif
}

#elif defined(__aarch64__)

#define BEGIN(i) c##i = start;
#define STEP(i) c##i = vfmaq_f32(b, c##i, a);
#define SUM(i) total += vgetq_lane_f32(c##i, 0);

static float f32_neon(int64_t rounds)
{
    const float32x4_t a = vdupq_n_f32(0.999f), b = vdupq_n_f32(0.001f);
    const float32x4_t start = vdupq_n_f32(1.0f);
    float32x4_t c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11;
    float total = 0;
    EACH12(BEGIN)
    for (int64_t r = 0; r < rounds; r++) {
        EACH12(STEP)
        OPAQUE12("w")
    }
    EACH12(SUM)
    return total;
}

struct doubti_peak_kernel doubti_peak_f32(void)
{
    return (struct doubti_peak_kernel){f32_neon, CHAINS * 4 * 2, "NEON, 4 lanes"};
}

struct doubti_peak_kernel doubti_peak_bf16(void)
{
    return (struct doubti_peak_kernel){NULL, 0, "bf16 is not measured on this architecture"};
}

#else

struct doubti_peak_kernel doubti_peak_f32(void)
{
    return (struct doubti_peak_kernel){NULL, 0, "f32 is not measured on this architecture"};
}

struct doubti_peak_kernel doubti_peak_bf16(void)
{
    return (struct doubti_peak_kernel){NULL, 0, "bf16 is not measured on this architecture"};
}

#endif

/* --- memory --------------------------------------------------------------------------------- */

typedef uint64_t quad __attribute__((vector_size(32)));

uint64_t doubti_peak_read(const uint64_t *words, size_t count)
{
    const quad *p = (const quad *)(const void *)words;
    quad s[8] = {{0}};
    for (size_t i = 0; i + 8 <= count / 4; i += 8)
        for (size_t k = 0; k < 8; k++)
            s[k] ^= p[i + k];
    for (size_t k = 1; k < 8; k++)
        s[0] ^= s[k];
    return s[0][0] ^ s[0][1] ^ s[0][2] ^ s[0][3];
}
