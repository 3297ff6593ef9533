// Modules as text.
import loadWabt from 'wabt'

const wabt = await loadWabt()

export function wat(text: string): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat('test.wat', text, {
    bulk_memory: true,
    simd: true,
    threads: true,
    exceptions: true,
  })
  try {
    return new Uint8Array(module.toBinary({}).buffer)
  } finally {
    module.destroy()
  }
}

export const IMPORTS = `
  (import "piecework" "input" (func $input (param i32 i32 i32) (result i32)))
  (import "piecework" "output" (func $output (param i32 i32)))`

/** A module whose run is this code; its memory begins with one page. */
export function runs(code: string, before = ''): Uint8Array<ArrayBuffer> {
  return wat(`(module ${IMPORTS} (memory 1) ${before} (func (export "run") ${code}))`)
}
