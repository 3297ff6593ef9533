/** The program as users need it: its bytes, and the description that clients work from. No Rust needed. */
import { readFileSync } from 'node:fs'

export const programFile: URL = new URL('./program.so', import.meta.url)
export const idlFile: URL = new URL('./idl.json', import.meta.url)

export function programBytes(): Uint8Array {
  return readFileSync(programFile)
}

export function idlText(): string {
  return readFileSync(idlFile, 'utf8')
}
