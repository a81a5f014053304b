/* SPDX-License-Identifier: MIT */
/*
 * A routine in assembly (x86-64), and how it is declared: rep movsb, then clflush over all
 * lines, then sfence.
 *
 *     cc -shared -fPIC my_copy_asm.S -o my_copy_asm.so
 *     daxmark verify --load=./my_copy_asm.so --trace -s my-copy-asm
 */
	.text
	.type copy, @function
copy:				/* rdi: destination, rsi: source, rdx: bytes, from 1 up */
	mov	%rdi, %rax
	lea	(%rdi, %rdx), %r8	/* the end */
	mov	%rdx, %rcx
	rep movsb
	and	$-64, %rax		/* the first line */
1:	clflush	(%rax)
	add	$64, %rax
	cmp	%r8, %rax
	jb	1b
	sfence
	ret
	.size copy, . - copy

	.section .rodata
name:	.string "my-copy-asm"
help:	.string "rep movsb, then flush every line in order, then fence"

/* struct daxmark_loadable_strategy of <daxmark/strategy.h> */
	.section .data.rel.ro, "aw"
	.balign 8
strategy:
	.long	1, 72			/* version, bytes */
	.quad	name, help, 0		/* no revision */
	.byte	1, 4, 5, 0, 0, 0, 0, 0	/* copy, flush, fence */
	.byte	0, 0, 0, 0, 0, 0, 0, 0	/* no reads */
	.quad	copy, 0, 0		/* write, read, unavailable */
	.if . - strategy != 72
	.error "the structure has another size"
	.endif

	.globl daxmark_loadable
	.type daxmark_loadable, @object
daxmark_loadable:
	.quad	strategy, 0
	.size daxmark_loadable, . - daxmark_loadable

	.section .note.GNU-stack, "", @progbits
