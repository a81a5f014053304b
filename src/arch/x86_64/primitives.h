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
#ifndef DAXMARK_ARCH_X86_64_PRIMITIVES_H
#define DAXMARK_ARCH_X86_64_PRIMITIVES_H

#include <immintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sys/cpu.h"

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

/* Of the contract in arch/primitives.h. */
#define ARCH_FENCE "sfence"
X86_INLINE void arch_fence(void)
{
	x86_sfence();
}

#define ARCH_WIDTHS(EACH)                                           \
	EACH(avx512, X86_TARGET("avx512f"), "avx512f", CPU_AVX512F) \
	EACH(avx, X86_TARGET("avx"), "avx", CPU_AVX)                \
	EACH(sse2, , "sse2", CPU_SSE2)

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

/*
 * Software prefetch of the source, within the operation: far ahead into the
 * second-level cache (prefetcht1), or close by into the first, past the others
 * (prefetchnta). Which of them pays depends on the processor: docs/kernels.md has
 * the figures. A constant argument: each kernel is inlined with one or without.
 */
enum x86_prefetch { X86_NO_PREFETCH, X86_PREFETCH_FAR, X86_PREFETCH_NEAR };
#define X86_FAR_BYTES 4096
#define X86_NEAR_BYTES 256
#define X86_PREFETCH(prefetch, src, line, left)                                          \
	do {                                                                             \
		const char *at_ = (const char *)(src) + (line);                          \
                                                                                         \
		if ((prefetch) == X86_PREFETCH_FAR && (left) > X86_FAR_BYTES + (line))   \
			_mm_prefetch(at_ + X86_FAR_BYTES, _MM_HINT_T1);                  \
		if ((prefetch) == X86_PREFETCH_NEAR && (left) > X86_NEAR_BYTES + (line)) \
			_mm_prefetch(at_ + X86_NEAR_BYTES, _MM_HINT_NTA);                \
	} while (0)

/* 8-byte non-temporal stores. */
X86_INLINE void x86_nt_movnti(
	char *dst, const char *src, size_t len, const enum x86_prefetch prefetch)
{
	len = x86_nt_head(&dst, &src, len);
	for (; len >= 64; len -= 64, dst += 64, src += 64) {
		long long words[8];

		X86_PREFETCH(prefetch, src, 0, len);
		memcpy(words, src, 64);
#pragma GCC unroll 8
		for (int i = 0; i < 8; i++)
			_mm_stream_si64((long long *)dst + i, words[i]);
	}
	if (len > 0)
		x86_nt_ragged(dst, src, len);
}

X86_INLINE void x86_nt_sse2(
	char *dst, const char *src, size_t len, const enum x86_prefetch prefetch)
{
	len = x86_nt_head(&dst, &src, len);
	for (; len >= 64; len -= 64, dst += 64, src += 64) {
		__m128i a = _mm_loadu_si128((const __m128i *)src);
		__m128i b = _mm_loadu_si128((const __m128i *)(src + 16));
		__m128i c = _mm_loadu_si128((const __m128i *)(src + 32));
		__m128i d = _mm_loadu_si128((const __m128i *)(src + 48));

		X86_PREFETCH(prefetch, src, 0, len);
		_mm_stream_si128((__m128i *)dst, a);
		_mm_stream_si128((__m128i *)(dst + 16), b);
		_mm_stream_si128((__m128i *)(dst + 32), c);
		_mm_stream_si128((__m128i *)(dst + 48), d);
	}
	if (len > 0)
		x86_nt_ragged(dst, src, len);
}

X86_INLINE X86_TARGET("avx") void x86_nt_avx(
	char *dst, const char *src, size_t len, const enum x86_prefetch prefetch)
{
	len = x86_nt_head(&dst, &src, len);
	for (; len >= 128; len -= 128, dst += 128, src += 128) {
		__m256i a = _mm256_loadu_si256((const __m256i *)src);
		__m256i b = _mm256_loadu_si256((const __m256i *)(src + 32));
		__m256i c = _mm256_loadu_si256((const __m256i *)(src + 64));
		__m256i d = _mm256_loadu_si256((const __m256i *)(src + 96));

		X86_PREFETCH(prefetch, src, 0, len);
		X86_PREFETCH(prefetch, src, 64, len);
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

X86_INLINE X86_TARGET("avx512f") void x86_nt_avx512(
	char *dst, const char *src, size_t len, const enum x86_prefetch prefetch)
{
	len = x86_nt_head(&dst, &src, len);
	for (; len >= 256; len -= 256, dst += 256, src += 256) {
		__m512i a = _mm512_loadu_si512(src);
		__m512i b = _mm512_loadu_si512(src + 64);
		__m512i c = _mm512_loadu_si512(src + 128);
		__m512i d = _mm512_loadu_si512(src + 192);

		X86_PREFETCH(prefetch, src, 0, len);
		X86_PREFETCH(prefetch, src, 64, len);
		X86_PREFETCH(prefetch, src, 128, len);
		X86_PREFETCH(prefetch, src, 192, len);
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
 * As x86_nt_avx512, but four pages in turn, two lines of each: four streams of
 * loads keep the hardware's prefetchers busier than one. What is left over or
 * shorter than four pages goes as one stream.
 */
#define X86_PAGE 4096
#define X86_PAGES 4
X86_INLINE X86_TARGET("avx512f") void x86_nt_avx512_pages(char *dst, const char *src, size_t len)
{
	len = x86_nt_head(&dst, &src, len);
	for (; len >= X86_PAGES * X86_PAGE; len -= X86_PAGES * X86_PAGE) {
		for (size_t at = 0; at < X86_PAGE; at += 128) {
			for (size_t page = at; page < X86_PAGES * X86_PAGE; page += X86_PAGE) {
				__m512i a = _mm512_loadu_si512(src + page);
				__m512i b = _mm512_loadu_si512(src + page + 64);

				_mm512_stream_si512((__m512i *)(dst + page), a);
				_mm512_stream_si512((__m512i *)(dst + page + 64), b);
			}
		}
		dst += X86_PAGES * X86_PAGE;
		src += X86_PAGES * X86_PAGE;
	}
	x86_nt_avx512(dst, src, len, X86_PREFETCH_FAR);
}

/* A line at a time, as one direct store (movdir64b: 64 bytes, never split). */
X86_INLINE X86_TARGET("movdir64b") void x86_nt_movdir64b(
	char *dst, const char *src, size_t len, const enum x86_prefetch prefetch)
{
	len = x86_nt_head(&dst, &src, len);
	for (; len >= 64; len -= 64, dst += 64, src += 64) {
		X86_PREFETCH(prefetch, src, 0, len);
		_movdir64b(dst, src);
	}
	if (len > 0)
		x86_nt_ragged(dst, src, len);
}

/* rep movsb, forward, as the copy and nothing else. */
X86_INLINE void x86_movsb(char *dst, const char *src, size_t len)
{
	__asm__ volatile("rep movsb" : "+D"(dst), "+S"(src), "+c"(len) : : "memory");
}

/*
 * Fused: cached stores, and every `chunk` bytes their lines are flushed, so that the
 * writes to memory overlap with the copy. The destination is prefetched 512
 * bytes ahead, within the operation: absent lines are on their way before they
 * are stored to. Tuned: docs/kernels.md. Ragged ends go by memcpy.
 * `store` copies one whole line, `flush` is one line's instruction.
 */
#define X86_FUSED_CHUNK 256
#define X86_FUSED_AHEAD 512
#define X86_FUSED(name, isa, store, flush, chunk)                                              \
	X86_INLINE X86_TARGET(isa) void name(char *dst, const char *src, size_t len)           \
	{                                                                                      \
		size_t head = -(uintptr_t)dst & (X86_LINE - 1);                                \
                                                                                               \
		if (head > len)                                                                \
			head = len;                                                            \
		if (head > 0) {                                                                \
			memcpy(dst, src, head);                                                \
			flush(dst);                                                            \
			dst += head;                                                           \
			src += head;                                                           \
			len -= head;                                                           \
		}                                                                              \
		for (size_t at = 0; at < X86_FUSED_AHEAD && at < len; at += X86_LINE)          \
			_mm_prefetch(dst + at, _MM_HINT_T0);                                   \
		while (len >= (chunk)) {                                                       \
			if (len >= (chunk) + X86_FUSED_AHEAD)                                  \
				for (size_t at = 0; at < (chunk); at += X86_LINE)              \
					_mm_prefetch(dst + X86_FUSED_AHEAD + at, _MM_HINT_T0); \
			for (size_t at = 0; at < (chunk); at += X86_LINE)                      \
				store(dst + at, src + at);                                     \
			for (size_t at = 0; at < (chunk); at += X86_LINE)                      \
				flush(dst + at);                                               \
			dst += (chunk);                                                        \
			src += (chunk);                                                        \
			len -= (chunk);                                                        \
		}                                                                              \
		for (; len >= X86_LINE; len -= X86_LINE, dst += X86_LINE, src += X86_LINE) {   \
			store(dst, src);                                                       \
			flush(dst);                                                            \
		}                                                                              \
		if (len > 0) {                                                                 \
			memcpy(dst, src, len);                                                 \
			flush(dst);                                                            \
		}                                                                              \
	}

X86_INLINE void x86_line_sse2(char *dst, const char *src)
{
	__m128i a = _mm_loadu_si128((const __m128i *)src);
	__m128i b = _mm_loadu_si128((const __m128i *)(src + 16));
	__m128i c = _mm_loadu_si128((const __m128i *)(src + 32));
	__m128i d = _mm_loadu_si128((const __m128i *)(src + 48));

	_mm_store_si128((__m128i *)dst, a);
	_mm_store_si128((__m128i *)(dst + 16), b);
	_mm_store_si128((__m128i *)(dst + 32), c);
	_mm_store_si128((__m128i *)(dst + 48), d);
}

X86_INLINE X86_TARGET("avx") void x86_line_avx(char *dst, const char *src)
{
	__m256i a = _mm256_loadu_si256((const __m256i *)src);
	__m256i b = _mm256_loadu_si256((const __m256i *)(src + 32));

	_mm256_store_si256((__m256i *)dst, a);
	_mm256_store_si256((__m256i *)(dst + 32), b);
}

X86_INLINE X86_TARGET("avx512f") void x86_line_avx512(char *dst, const char *src)
{
	_mm512_store_si512(dst, _mm512_loadu_si512(src));
}

X86_FUSED(x86_fused_clwb_avx512, "avx512f,clwb", x86_line_avx512, _mm_clwb, X86_FUSED_CHUNK)
X86_FUSED(x86_fused_clwb_avx, "avx,clwb", x86_line_avx, _mm_clwb, X86_FUSED_CHUNK)
X86_FUSED(x86_fused_clwb_sse2, "clwb", x86_line_sse2, _mm_clwb, X86_FUSED_CHUNK)
X86_FUSED(x86_fused_clwb_line_avx512, "avx512f,clwb", x86_line_avx512, _mm_clwb, X86_LINE)
X86_FUSED(x86_fused_clwb_line_avx, "avx,clwb", x86_line_avx, _mm_clwb, X86_LINE)
X86_FUSED(x86_fused_clwb_line_sse2, "clwb", x86_line_sse2, _mm_clwb, X86_LINE)
X86_FUSED(x86_fused_clflushopt_avx512, "avx512f,clflushopt", x86_line_avx512, _mm_clflushopt,
	X86_FUSED_CHUNK)
X86_FUSED(x86_fused_clflushopt_avx, "avx,clflushopt", x86_line_avx, _mm_clflushopt, X86_FUSED_CHUNK)
X86_FUSED(x86_fused_clflushopt_sse2, "clflushopt", x86_line_sse2, _mm_clflushopt, X86_FUSED_CHUNK)
X86_FUSED(x86_fused_clflushopt_line_avx512, "avx512f,clflushopt", x86_line_avx512, _mm_clflushopt,
	X86_LINE)
X86_FUSED(x86_fused_clflushopt_line_avx, "avx,clflushopt", x86_line_avx, _mm_clflushopt, X86_LINE)
X86_FUSED(x86_fused_clflushopt_line_sse2, "clflushopt", x86_line_sse2, _mm_clflushopt, X86_LINE)

/*
 * What the kernel's memcpy_flushcache() does (Linux 4.13 on): less than 8 bytes
 * at either end go through the cache and are written back, by the best instruction
 * there is; the rest by movnti: 32 bytes at a time, then 8, then 4.
 */
#define X86_FLUSHCACHE(name, isa, flush)                                         \
	X86_INLINE isa void name(char *dst, const char *src, size_t len)         \
	{                                                                        \
		size_t head = -(uintptr_t)dst & 7;                               \
                                                                                 \
		if (head > len)                                                  \
			head = len;                                              \
		if (head > 0) {                                                  \
			memcpy(dst, src, head);                                  \
			flush(dst, head);                                        \
			dst += head;                                             \
			src += head;                                             \
			len -= head;                                             \
		}                                                                \
		for (; len >= 32; len -= 32, dst += 32, src += 32) {             \
			long long words[4];                                      \
                                                                                 \
			memcpy(words, src, 32);                                  \
			_Pragma("GCC unroll 4") for (int i = 0; i < 4; i++)      \
				_mm_stream_si64((long long *)dst + i, words[i]); \
		}                                                                \
		for (; len >= 8; len -= 8, dst += 8, src += 8) {                 \
			long long word;                                          \
                                                                                 \
			memcpy(&word, src, 8);                                   \
			_mm_stream_si64((long long *)dst, word);                 \
		}                                                                \
		if (len >= 4) {                                                  \
			int word;                                                \
                                                                                 \
			memcpy(&word, src, 4);                                   \
			_mm_stream_si32((int *)dst, word);                       \
			dst += 4;                                                \
			src += 4;                                                \
			len -= 4;                                                \
		}                                                                \
		if (len > 0) {                                                   \
			memcpy(dst, src, len);                                   \
			flush(dst, len);                                         \
		}                                                                \
	}

X86_FLUSHCACHE(x86_flushcache_clwb, X86_TARGET("clwb"), x86_clwb)
X86_FLUSHCACHE(x86_flushcache_clflushopt, X86_TARGET("clflushopt"), x86_clflushopt)
X86_FLUSHCACHE(x86_flushcache_clflush, , x86_clflush)

/* A copy that asks for its source's lines 1 KiB ahead and past the outer caches (prefetchnta). */
X86_INLINE void x86_copy_prefetchnta(char *dst, const char *src, size_t len)
{
	for (; len >= 1024 + X86_LINE; len -= X86_LINE, dst += X86_LINE, src += X86_LINE) {
		_mm_prefetch(src + 1024, _MM_HINT_NTA);
		memcpy(dst, src, X86_LINE);
	}
	memcpy(dst, src, len);
}

/* The whole lines that [start, start + len) touches, so that every size and alignment has a roof. */
X86_INLINE size_t arch_whole(const char **start, size_t len)
{
	size_t head = (uintptr_t)*start & (X86_LINE - 1);

	*start -= head;
	return (head + len + X86_LINE - 1) & ~(size_t)(X86_LINE - 1);
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

X86_INLINE X86_TARGET("avx") void x86_nt_fill_avx(char *dst, size_t len)
{
	__m256i word = _mm256_set1_epi64x(X86_FILL_PATTERN);

	for (; len >= 128; len -= 128, dst += 128) {
		_mm256_stream_si256((__m256i *)dst, word);
		_mm256_stream_si256((__m256i *)(dst + 32), word);
		_mm256_stream_si256((__m256i *)(dst + 64), word);
		_mm256_stream_si256((__m256i *)(dst + 96), word);
	}
	if (len > 0) {
		_mm256_stream_si256((__m256i *)dst, word);
		_mm256_stream_si256((__m256i *)(dst + 32), word);
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

/* The other two roofs: loads of every byte, kept, and cached stores, over whole lines (128 or 64 bytes at a time). */
X86_INLINE X86_TARGET("avx512f") void arch_load_avx512(const char *src, size_t len)
{
	__m512i a = _mm512_setzero_si512(), b = a, c = a, d = a;

	for (; len >= 256; len -= 256, src += 256) {
		a = _mm512_xor_si512(a, _mm512_loadu_si512(src));
		b = _mm512_xor_si512(b, _mm512_loadu_si512(src + 64));
		c = _mm512_xor_si512(c, _mm512_loadu_si512(src + 128));
		d = _mm512_xor_si512(d, _mm512_loadu_si512(src + 192));
	}
	for (; len >= 64; len -= 64, src += 64)
		a = _mm512_xor_si512(a, _mm512_loadu_si512(src));
	__asm__ volatile("" ::"v"(a), "v"(b), "v"(c), "v"(d));
}

X86_INLINE X86_TARGET("avx") void arch_load_avx(const char *src, size_t len)
{
	__m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;

	for (; len >= 128; len -= 128, src += 128) {
		a = _mm256_xor_ps(a, _mm256_loadu_ps((const float *)(const void *)src));
		b = _mm256_xor_ps(b, _mm256_loadu_ps((const float *)(const void *)(src + 32)));
		c = _mm256_xor_ps(c, _mm256_loadu_ps((const float *)(const void *)(src + 64)));
		d = _mm256_xor_ps(d, _mm256_loadu_ps((const float *)(const void *)(src + 96)));
	}
	if (len > 0) {
		a = _mm256_xor_ps(a, _mm256_loadu_ps((const float *)(const void *)src));
		b = _mm256_xor_ps(b, _mm256_loadu_ps((const float *)(const void *)(src + 32)));
	}
	__asm__ volatile("" ::"x"(a), "x"(b), "x"(c), "x"(d));
}

X86_INLINE void arch_load_sse2(const char *src, size_t len)
{
	__m128i a = _mm_setzero_si128(), b = a, c = a, d = a;

	for (; len >= 64; len -= 64, src += 64) {
		a = _mm_xor_si128(a, _mm_loadu_si128((const __m128i *)src));
		b = _mm_xor_si128(b, _mm_loadu_si128((const __m128i *)(src + 16)));
		c = _mm_xor_si128(c, _mm_loadu_si128((const __m128i *)(src + 32)));
		d = _mm_xor_si128(d, _mm_loadu_si128((const __m128i *)(src + 48)));
	}
	__asm__ volatile("" ::"x"(a), "x"(b), "x"(c), "x"(d));
}

X86_INLINE X86_TARGET("avx512f") void arch_store_avx512(char *dst, size_t len)
{
	__m512i word = _mm512_set1_epi64(X86_FILL_PATTERN);

	for (; len >= 64; len -= 64, dst += 64)
		_mm512_store_si512(dst, word);
}

X86_INLINE X86_TARGET("avx") void arch_store_avx(char *dst, size_t len)
{
	__m256i word = _mm256_set1_epi64x(X86_FILL_PATTERN);

	for (; len >= 64; len -= 64, dst += 64) {
		_mm256_store_si256((__m256i *)dst, word);
		_mm256_store_si256((__m256i *)(dst + 32), word);
	}
}

X86_INLINE void arch_store_sse2(char *dst, size_t len)
{
	__m128i word = _mm_set1_epi64x(X86_FILL_PATTERN);

	for (; len >= 64; len -= 64, dst += 64)
		for (int i = 0; i < 4; i++)
			_mm_store_si128((__m128i *)(dst + 16 * i), word);
}

#endif
