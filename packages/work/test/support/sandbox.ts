// A sandbox as strong as this machine gives one, and the shortest way to run something in it.
import { findPrefix, makeSandbox, type Ran, type Run, type Sandbox } from '../../src/index.ts'

const options = { node: process.execPath, wallMs: 30_000, processes: 2 }

const prefix = await findPrefix(options)

export function testSandbox(more: { readonly wallMs?: number } = {}): Sandbox {
  return makeSandbox({ ...options, ...more, prefix })
}

export function runIn(sandbox: Sandbox, module: Uint8Array, more: Partial<Run> = {}): Promise<Ran> {
  const usual = { input: new Uint8Array(), fuel: 10_000_000n, memoryPages: 16, outputBytes: 1_024 }
  return sandbox.run({ ...usual, module, ...more })
}
