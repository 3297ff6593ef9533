// All that a module can import. AssemblyScript takes the name of this file for the name to import from.

/** Copies input[from, from + length) to memory, cut at its end; gives how many bytes there are from there on. */
export declare function input(at: usize, from: u32, length: u32): u32

/** Appends a part of memory to the output. */
export declare function output(at: usize, length: u32): void
