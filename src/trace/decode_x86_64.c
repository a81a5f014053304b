// SPDX-License-Identifier: MIT
/* x86-64: Zydis decodes, and tells which operands are read and written. */
#include "trace/decode.h"

#include <Zydis/Zydis.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/user.h>
#include <unistd.h>

#define CACHE 4096
#define BREAKPOINT 0xcc

struct decoded {
	uintptr_t code; /* 0: empty */
	ZydisDecodedInstruction instruction;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

struct decoder {
	ZydisDecoder zydis;
	struct decoded cache[CACHE];
	uintptr_t masked_in; /* the mapping that a store whose bytes a mask selects goes to */
	char before[];	     /* the region before it */
};

bool decoder_available(struct err *why_not)
{
	(void)why_not;
	return true;
}

struct decoder *decoder_new(size_t bytes)
{
	struct decoder *decoder = calloc(1, sizeof(*decoder) + bytes);

	if (decoder != NULL)
		ZydisDecoderInit(&decoder->zydis, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	return decoder;
}

void decoder_free(struct decoder *decoder)
{
	free(decoder);
}

void decoder_child(struct stepper_job *job)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(1);
	for (;;) {
		__asm__ volatile("int3" ::: "memory");
		job->loop(&job->walk);
		__asm__ volatile("int3" ::: "memory");
	}
}

/* Our code is the child's: it was forked. NULL for what is no instruction. */
static const struct decoded *decode(struct stepper *stepper, uintptr_t code)
{
	struct decoded *entry = &stepper->decoder->cache[code % CACHE];

	if (entry->code == code)
		return entry;
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&stepper->decoder->zydis, (const void *)code,
		    ZYDIS_MAX_INSTRUCTION_LENGTH, &entry->instruction, entry->operands))) {
		entry->code = 0;
		return NULL;
	}
	entry->code = code;
	return entry;
}

static uint64_t register_value(const struct user_regs_struct *regs, ZydisRegister name)
{
	switch (ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, name)) {
	case ZYDIS_REGISTER_RAX:
		return regs->rax;
	case ZYDIS_REGISTER_RBX:
		return regs->rbx;
	case ZYDIS_REGISTER_RCX:
		return regs->rcx;
	case ZYDIS_REGISTER_RDX:
		return regs->rdx;
	case ZYDIS_REGISTER_RSI:
		return regs->rsi;
	case ZYDIS_REGISTER_RDI:
		return regs->rdi;
	case ZYDIS_REGISTER_RBP:
		return regs->rbp;
	case ZYDIS_REGISTER_RSP:
		return regs->rsp;
	case ZYDIS_REGISTER_R8:
		return regs->r8;
	case ZYDIS_REGISTER_R9:
		return regs->r9;
	case ZYDIS_REGISTER_R10:
		return regs->r10;
	case ZYDIS_REGISTER_R11:
		return regs->r11;
	case ZYDIS_REGISTER_R12:
		return regs->r12;
	case ZYDIS_REGISTER_R13:
		return regs->r13;
	case ZYDIS_REGISTER_R14:
		return regs->r14;
	case ZYDIS_REGISTER_R15:
		return regs->r15;
	default:
		return 0;
	}
}

/* Segments are taken as flat: no copy reaches the target through fs or gs. */
static uintptr_t address_of(const struct decoded *decoded, const ZydisDecodedOperand *operand,
	const struct user_regs_struct *regs)
{
	const ZydisDecodedOperandMem *mem = &operand->mem;
	uint64_t address = (uint64_t)mem->disp.value;

	if (mem->base == ZYDIS_REGISTER_RIP)
		address += decoded->code + decoded->instruction.length;
	else if (mem->base != ZYDIS_REGISTER_NONE)
		address += register_value(regs, mem->base);
	if (mem->index != ZYDIS_REGISTER_NONE)
		address += register_value(regs, mem->index) * mem->scale;
	return address;
}

static bool is_non_temporal(ZydisMnemonic mnemonic)
{
	switch (mnemonic) {
	case ZYDIS_MNEMONIC_MOVNTI:
	case ZYDIS_MNEMONIC_MOVNTQ:
	case ZYDIS_MNEMONIC_MOVNTDQ:
	case ZYDIS_MNEMONIC_MOVNTPS:
	case ZYDIS_MNEMONIC_MOVNTPD:
	case ZYDIS_MNEMONIC_VMOVNTDQ:
	case ZYDIS_MNEMONIC_VMOVNTPS:
	case ZYDIS_MNEMONIC_VMOVNTPD:
	case ZYDIS_MNEMONIC_MOVDIRI:
	case ZYDIS_MNEMONIC_MASKMOVDQU:
	case ZYDIS_MNEMONIC_VMASKMOVDQU:
		return true;
	default:
		return false;
	}
}

/* Its operand's size says more than it stores. */
static bool is_masked(const struct decoded *decoded)
{
	switch (decoded->instruction.mnemonic) {
	case ZYDIS_MNEMONIC_MASKMOVDQU:
	case ZYDIS_MNEMONIC_VMASKMOVDQU:
	case ZYDIS_MNEMONIC_VMASKMOVPS:
	case ZYDIS_MNEMONIC_VMASKMOVPD:
	case ZYDIS_MNEMONIC_VPMASKMOVD:
	case ZYDIS_MNEMONIC_VPMASKMOVQ:
		return true;
	default:
		return decoded->instruction.avx.mask.reg != ZYDIS_REGISTER_NONE &&
		       decoded->instruction.avx.mask.reg != ZYDIS_REGISTER_K0;
	}
}

struct access {
	struct stepper *stepper;
	const struct decoded *decoded;
	struct trace *trace;
	struct err *e;
};

/* Where the mapping that holds the address begins: the region, or an alias of it. */
static uintptr_t mapping_of(const struct stepper *stepper, uintptr_t address, size_t bytes)
{
	for (size_t i = 0; i < STEPPER_ALIASES; i++) {
		uintptr_t start = (uintptr_t)stepper->aliases[i];

		if (start != 0 && address + bytes > start && address < start + stepper->bytes)
			return start;
	}
	return (uintptr_t)stepper->region;
}

/* Add an event if it touches the region. */
static bool note(const struct access *access, enum trace_kind kind, uintptr_t address, size_t bytes)
{
	uintptr_t region = mapping_of(access->stepper, address, bytes);
	struct trace_event event = {.kind = kind,
		.alias = region != (uintptr_t)access->stepper->region,
		.code = access->decoded->code,
		.step = access->trace->steps,
		.whole = access->decoded->instruction.mnemonic == ZYDIS_MNEMONIC_MOVDIR64B};

	if (kind == TRACE_FENCE || kind == TRACE_FENCE_FULL)
		return trace_add(access->trace, &event, access->e);
	if (address + bytes <= region || address >= region + access->stepper->bytes)
		return true;
	if (address < region) { /* what lies before is not the target's */
		bytes -= region - address;
		address = region;
	}
	event.at = address - region;
	event.bytes = bytes;
	return trace_add(access->trace, &event, access->e);
}

/* Flushes, fences and direct stores; false in *other when it is none of them. */
static bool note_special(
	const struct access *access, const struct user_regs_struct *regs, bool *other)
{
	const struct decoded *decoded = access->decoded;
	const ZydisDecodedOperand *first = &decoded->operands[0];

	*other = false;
	switch (decoded->instruction.mnemonic) {
	case ZYDIS_MNEMONIC_CLWB:
		return note(access, TRACE_WRITE_BACK,
			address_of(decoded, first, regs) & ~(uintptr_t)63, 64);
	case ZYDIS_MNEMONIC_CLFLUSH:
	case ZYDIS_MNEMONIC_CLFLUSHOPT:
		return note(
			access, TRACE_FLUSH, address_of(decoded, first, regs) & ~(uintptr_t)63, 64);
	case ZYDIS_MNEMONIC_SFENCE:
		return note(access, TRACE_FENCE, 0, 0);
	case ZYDIS_MNEMONIC_MFENCE:
		return note(access, TRACE_FENCE_FULL, 0, 0);
	case ZYDIS_MNEMONIC_MOVDIR64B:
		/* its destination is an address in a register, its source an operand */
		return note(access, TRACE_LOAD, address_of(decoded, &decoded->operands[1], regs),
			       64) &&
		       note(access, TRACE_STORE_NT, register_value(regs, first->reg.value), 64);
	default:
		*other = true;
		return true;
	}
}

/* Prefetches, address computations and long nops access nothing. */
static bool accesses(const struct decoded *decoded, const ZydisDecodedOperand *operand)
{
	return operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
	       operand->mem.type == ZYDIS_MEMOP_TYPE_MEM &&
	       decoded->instruction.meta.category != ZYDIS_CATEGORY_PREFETCH &&
	       decoded->instruction.meta.category != ZYDIS_CATEGORY_NOP &&
	       decoded->instruction.meta.category != ZYDIS_CATEGORY_WIDENOP;
}

/* What the instruction is about to do, from the registers before it. */
static bool note_before(
	const struct access *access, const struct user_regs_struct *regs, bool *compare)
{
	const struct decoded *decoded = access->decoded;
	const ZydisDecodedInstruction *instruction = &decoded->instruction;
	enum trace_kind store =
		is_non_temporal(instruction->mnemonic) ? TRACE_STORE_NT : TRACE_STORE;
	bool other;

	*compare = false;
	if (!note_special(access, regs, &other))
		return false;
	if (!other)
		return true;
	for (size_t i = 0; i < instruction->operand_count; i++) {
		const ZydisDecodedOperand *operand = &decoded->operands[i];
		uintptr_t address;

		if (!accesses(decoded, operand))
			continue;
		address = address_of(decoded, operand, regs);
		if ((operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ) &&
			!note(access, TRACE_LOAD, address, operand->size / 8))
			return false;
		if (!(operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
			continue;
		*compare |= is_masked(decoded);
		if (is_masked(decoded))
			access->stepper->decoder->masked_in =
				mapping_of(access->stepper, address, operand->size / 8);
		else if (!note(access, store, address, operand->size / 8))
			return false;
	}
	return true;
}

/* A masked store: the bytes that changed. The caller made sure that each byte that is stored does. */
static bool note_changes(const struct access *access)
{
	struct stepper *stepper = access->stepper;
	enum trace_kind kind = is_non_temporal(access->decoded->instruction.mnemonic)
				       ? TRACE_STORE_NT
				       : TRACE_STORE;

	for (size_t i = 0, end; i < stepper->bytes; i = end) {
		end = i + 1;
		if (stepper->region[i] == stepper->decoder->before[i])
			continue;
		while (end < stepper->bytes &&
			stepper->region[end] != stepper->decoder->before[end])
			end++;
		if (!note(access, kind, stepper->decoder->masked_in + i, end - i))
			return false;
	}
	return true;
}

/*
 * rep movs and rep stos trap after every element, thousands of times for one
 * instruction. They are run whole, to a breakpoint behind them, and noted whole:
 * their stores may become visible in any order (Intel SDM vol. 3, 9.2.4).
 */
static bool is_string(const struct decoded *decoded)
{
	return (decoded->instruction.attributes & ZYDIS_ATTRIB_HAS_REP) != 0 &&
	       decoded->instruction.meta.category == ZYDIS_CATEGORY_STRINGOP;
}

static bool note_string(const struct access *access, const struct user_regs_struct *regs)
{
	const struct decoded *decoded = access->decoded;

	for (size_t i = 0; i < decoded->instruction.operand_count; i++) {
		const ZydisDecodedOperand *operand = &decoded->operands[i];
		bool writes = (operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
		size_t bytes = regs->rcx * (operand->size / 8);

		if (accesses(decoded, operand) && bytes > 0 &&
			!note(access, writes ? TRACE_STORE : TRACE_LOAD,
				address_of(decoded, operand, regs), bytes))
			return false;
	}
	return true;
}

static bool step_string(struct stepper *stepper, const struct access *access,
	const struct user_regs_struct *regs, struct err *e)
{
	uintptr_t next = regs->rip + access->decoded->instruction.length;
	struct user_regs_struct after;
	long word;

	if (regs->eflags & 0x400)
		return err_set(e, ERR_FAILED, "the routine copies backwards (direction flag)");
	if (!note_string(access, regs))
		return false;
	errno = 0;
	word = ptrace(PTRACE_PEEKTEXT, stepper->child, (void *)next, NULL);
	if (errno != 0 || ptrace(PTRACE_POKETEXT, stepper->child, (void *)next,
				  (void *)((word & ~0xffl) | BREAKPOINT)) != 0)
		return err_errno(e, errno, "cannot trace: text");
	if (!stepper_go_on(stepper, PTRACE_CONT, e))
		return false;
	if (ptrace(PTRACE_POKETEXT, stepper->child, (void *)next, (void *)word) != 0 ||
		ptrace(PTRACE_GETREGS, stepper->child, NULL, &after) != 0)
		return err_errno(e, errno, "cannot trace: text");
	after.rip = next;
	if (ptrace(PTRACE_SETREGS, stepper->child, NULL, &after) != 0)
		return err_errno(e, errno, "cannot trace: registers");
	access->trace->steps++;
	return true;
}

static bool step_once(struct stepper *stepper, const struct user_regs_struct *regs,
	struct trace *trace, struct err *e)
{
	struct access access = {stepper, decode(stepper, regs->rip), trace, e};
	bool compare, locked;

	if (access.decoded == NULL)
		return err_set(e, ERR_FAILED, "cannot decode the instruction at %#llx",
			(unsigned long long)regs->rip);
	if (is_string(access.decoded))
		return step_string(stepper, &access, regs, e);
	if (!note_before(&access, regs, &compare))
		return false;
	if (compare)
		memcpy(stepper->decoder->before, stepper->region, stepper->bytes);
	if (!stepper_go_on(stepper, PTRACE_SINGLESTEP, e) || (compare && !note_changes(&access)))
		return false;
	/* A locked instruction, or xchg with memory, is a full fence behind its own store. */
	locked = (access.decoded->instruction.attributes & ZYDIS_ATTRIB_HAS_LOCK) ||
		 (access.decoded->instruction.mnemonic == ZYDIS_MNEMONIC_XCHG &&
			 (access.decoded->operands[0].type == ZYDIS_OPERAND_TYPE_MEMORY ||
				 access.decoded->operands[1].type == ZYDIS_OPERAND_TYPE_MEMORY));
	if (locked && !note(&access, TRACE_FENCE_FULL, 0, 0))
		return false;
	trace->steps++;
	return true;
}

bool decoder_step(struct stepper *stepper, struct trace *trace, bool *ended, struct err *e)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, stepper->child, NULL, &regs) != 0)
		return err_errno(e, errno, "cannot trace: registers");
	/* Our code is the child's: it was forked. */
	*ended = *(const unsigned char *)regs.rip == BREAKPOINT;
	return *ended || step_once(stepper, &regs, trace, e);
}

void decoder_describe(const struct trace_event *event, char *text, size_t bytes)
{
	ZydisDisassembledInstruction instruction;
	Dl_info where;
	const char *file = "?";
	uintptr_t base = 0;

	if (dladdr((const void *)event->code, &where) != 0 && where.dli_fname != NULL) {
		const char *slash = strrchr(where.dli_fname, '/');

		file = slash != NULL ? slash + 1 : where.dli_fname;
		base = (uintptr_t)where.dli_fbase;
	}
	if (!ZYAN_SUCCESS(ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64, event->code,
		    (const void *)event->code, ZYDIS_MAX_INSTRUCTION_LENGTH, &instruction)))
		snprintf(instruction.text, sizeof(instruction.text), "(no instruction)");
	snprintf(text, bytes, "'%s' at %s+%#lx", instruction.text, file,
		(unsigned long)(event->code - base));
}
