// What a module may cost before and while it runs, each with its reason.

/** Bytes of a module: a large program of C or Rust is one; it is rewritten and compiled for every task. */
export const MODULE_BYTES = 2_097_152
/** Pages of 64 KiB: 128 MiB, which a Raspberry Pi with 1 GB can give beside the daemon. */
export const MEMORY_PAGES = 2_048
/** About ten seconds of a fast core and a minute of a Raspberry Pi: several fit into the challenge phase. */
export const MAX_FUEL = 10_000_000_000n
/** Bytes of a task's input: it is copied into the process. */
export const INPUT_BYTES = 33_554_432
/** Entries of the table of function pointers: a large program has some thousands. */
export const TABLE_ENTRIES = 65_536
/** Parameters and locals of one function: compilers stay below a few hundred. They are zeroed at each call. */
export const FUNCTION_LOCALS = 1_000
/** Operands that one function may have on its stack at once: compilers stay below a hundred. */
export const FUNCTION_OPERANDS = 1_000
/** Blocks inside blocks: a switch of C nests one a case. */
export const NESTING = 4_096
/**
 * What all calls that are under way may hold at once, in values (locals and operands of each, and FRAME_VALUES). Half
 * a MiB of values; the process has STACK_KB, so that the same call is refused on every machine, however V8 lays
 * frames out.
 */
export const STACK_VALUES = 65_536
/** Counted for each call beside its values: return address, saved registers, alignment. */
export const FRAME_VALUES = 8
/** Stack of the process. Linux and macOS give a main thread 8 MiB. */
export const STACK_KB = 3_900
/** Heap of the process for what is not the module's memory: input, output, the compiler's notes. */
export const HEAP_MB = 128
