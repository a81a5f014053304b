/* SPDX-License-Identifier: MIT */
/*
 * x86-64 copy, flush and fence kernels, inline so that a strategy's loop holds
 * them without a call. None fences unless its name says so. Facts: Intel SDM
 * vol. 1, 10.4.6 (non-temporal stores) and vol. 2 (CLFLUSH, CLFLUSHOPT, CLWB,
 * SFENCE); AMD APM vol. 2, 7.4.
 *
 * Non-temporal kernels write whole 64-byte lines with the wide store. What is
 * ragged at either end goes out as 8-byte movnti, and the last 1-7 bytes as
 * cached stores whose line is then flushed with clflush: it exists wherever
 * SSE2 does, so no kernel needs a choice at run time.
 */
#ifndef DAXMARK_ARCH_X86_64_KERNELS_H
#define DAXMARK_ARCH_X86_64_KERNELS_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define X86_LINE 64
#define X86_INLINE static inline __attribute__((always_inline))
#define X86_TARGET(isa) __attribute__((target(isa)))

/* The lines that [start, start + bytes) touches; nothing for an empty range. */
#define X86_EACH_LINE(line, start, bytes)                                               \
	for (uintptr_t line = (uintptr_t)(start) & ~(uintptr_t)(X86_LINE - 1),          \
		       line##_end = (bytes) == 0 ? line : (uintptr_t)(start) + (bytes); \
		line < line##_end; line += X86_LINE)

X86_INLINE void x86_clflush(const void *start, size_t bytes)
{
	X86_EACH_LINE(line, start, bytes)
	_mm_clflush((const void *)line);
}

X86_INLINE X86_TARGET("clflushopt") void x86_clflushopt(const void *start, size_t bytes)
{
	X86_EACH_LINE(line, start, bytes)
	_mm_clflushopt((void *)line);
}

X86_INLINE X86_TARGET("clwb") void x86_clwb(const void *start, size_t bytes)
{
	X86_EACH_LINE(line, start, bytes)
	_mm_clwb((void *)line);
}

X86_INLINE void x86_sfence(void)
{
	_mm_sfence();
}

/* Fewer than 64 bytes that share no line with the body: the ragged head or tail. */
X86_INLINE void x86_nt_ragged(char *dst, const char *src, size_t len)
{
	size_t odd = -(uintptr_t)dst & 7;

	if (odd > len)
		odd = len;
	if (odd > 0) {
		for (size_t i = 0; i < odd; i++)
			dst[i] = src[i];
		_mm_clflush(dst);
		dst += odd;
		src += odd;
		len -= odd;
	}
	for (; len >= 8; len -= 8, dst += 8, src += 8) {
		long long word;

		memcpy(&word, src, 8);
		_mm_stream_si64((long long *)dst, word);
	}
	if (len > 0) {
		for (size_t i = 0; i < len; i++)
			dst[i] = src[i];
		_mm_clflush(dst);
	}
}

/* Copies the ragged head so that *dst is line-aligned; returns the bytes left. */
X86_INLINE size_t x86_nt_head(char **dst, const char **src, size_t len)
{
	size_t head = -(uintptr_t)*dst & (X86_LINE - 1);

	if (head > len)
		head = len;
	if (head > 0) {
		x86_nt_ragged(*dst, *src, head);
		*dst += head;
		*src += head;
	}
	return len - head;
}

X86_INLINE void x86_nt_sse2(char *dst, const char *src, size_t len)
{
	len = x86_nt_head(&dst, &src, len);
	for (; len >= 64; len -= 64, dst += 64, src += 64) {
		__m128i a = _mm_loadu_si128((const __m128i *)src);
		__m128i b = _mm_loadu_si128((const __m128i *)(src + 16));
		__m128i c = _mm_loadu_si128((const __m128i *)(src + 32));
		__m128i d = _mm_loadu_si128((const __m128i *)(src + 48));

		_mm_stream_si128((__m128i *)dst, a);
		_mm_stream_si128((__m128i *)(dst + 16), b);
		_mm_stream_si128((__m128i *)(dst + 32), c);
		_mm_stream_si128((__m128i *)(dst + 48), d);
	}
	if (len > 0)
		x86_nt_ragged(dst, src, len);
}

X86_INLINE X86_TARGET("avx") void x86_nt_avx(char *dst, const char *src, size_t len)
{
	len = x86_nt_head(&dst, &src, len);
	for (; len >= 128; len -= 128, dst += 128, src += 128) {
		__m256i a = _mm256_loadu_si256((const __m256i *)src);
		__m256i b = _mm256_loadu_si256((const __m256i *)(src + 32));
		__m256i c = _mm256_loadu_si256((const __m256i *)(src + 64));
		__m256i d = _mm256_loadu_si256((const __m256i *)(src + 96));

		_mm256_stream_si256((__m256i *)dst, a);
		_mm256_stream_si256((__m256i *)(dst + 32), b);
		_mm256_stream_si256((__m256i *)(dst + 64), c);
		_mm256_stream_si256((__m256i *)(dst + 96), d);
	}
	for (; len >= 64; len -= 64, dst += 64, src += 64) {
		__m256i a = _mm256_loadu_si256((const __m256i *)src);
		__m256i b = _mm256_loadu_si256((const __m256i *)(src + 32));

		_mm256_stream_si256((__m256i *)dst, a);
		_mm256_stream_si256((__m256i *)(dst + 32), b);
	}
	if (len > 0)
		x86_nt_ragged(dst, src, len);
}

X86_INLINE X86_TARGET("avx512f") void x86_nt_avx512(char *dst, const char *src, size_t len)
{
	len = x86_nt_head(&dst, &src, len);
	for (; len >= 256; len -= 256, dst += 256, src += 256) {
		__m512i a = _mm512_loadu_si512(src);
		__m512i b = _mm512_loadu_si512(src + 64);
		__m512i c = _mm512_loadu_si512(src + 128);
		__m512i d = _mm512_loadu_si512(src + 192);

		_mm512_stream_si512((__m512i *)dst, a);
		_mm512_stream_si512((__m512i *)(dst + 64), b);
		_mm512_stream_si512((__m512i *)(dst + 128), c);
		_mm512_stream_si512((__m512i *)(dst + 192), d);
	}
	for (; len >= 64; len -= 64, dst += 64, src += 64)
		_mm512_stream_si512((__m512i *)dst, _mm512_loadu_si512(src));
	if (len > 0)
		x86_nt_ragged(dst, src, len);
}

/*
 * The non-temporal-store roof: as the copy kernels, but one register is stored
 * again and again, so that nothing is loaded. Not zeros: lines of zeros went
 * out at 85 GB/s where any other pattern went at 38 (Zen 5), and no copy is all
 * zeros. Whole lines only: the ragged ends would be another instruction.
 */
#define X86_FILL_PATTERN 0x5a3cc3a55a3cc3a5
X86_INLINE void x86_nt_fill_sse2(char *dst, size_t len)
{
	__m128i word = _mm_set1_epi64x(X86_FILL_PATTERN);

	for (; len >= 64; len -= 64, dst += 64) {
		_mm_stream_si128((__m128i *)dst, word);
		_mm_stream_si128((__m128i *)(dst + 16), word);
		_mm_stream_si128((__m128i *)(dst + 32), word);
		_mm_stream_si128((__m128i *)(dst + 48), word);
	}
}

X86_INLINE X86_TARGET("avx512f") void x86_nt_fill_avx512(char *dst, size_t len)
{
	__m512i word = _mm512_set1_epi64(X86_FILL_PATTERN);

	for (; len >= 256; len -= 256, dst += 256) {
		_mm512_stream_si512((__m512i *)dst, word);
		_mm512_stream_si512((__m512i *)(dst + 64), word);
		_mm512_stream_si512((__m512i *)(dst + 128), word);
		_mm512_stream_si512((__m512i *)(dst + 192), word);
	}
	for (; len >= 64; len -= 64, dst += 64)
		_mm512_stream_si512((__m512i *)dst, word);
}

#endif
