// Writes the binary format of WebAssembly.

export function u32(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const more = rest >= 0x80
    bytes.push((rest % 0x80) + (more ? 0x80 : 0))
    rest = Math.floor(rest / 0x80)
  } while (rest > 0)
  return bytes
}

/** Signed LEB128, for constants: whole numbers of less than 53 bits. */
export function s64(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const low = ((rest % 0x80) + 0x80) % 0x80
    rest = Math.floor(rest / 0x80)
    const signBit = (low & 0x40) !== 0
    if ((rest === 0 && !signBit) || (rest === -1 && signBit)) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}

export function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value)
  return [...u32(bytes.length), ...bytes]
}

export function sized(content: Uint8Array): Uint8Array[] {
  return [Uint8Array.from(u32(content.length)), content]
}

export function section(id: number, content: Uint8Array): Uint8Array[] {
  return [Uint8Array.of(id), ...sized(content)]
}
