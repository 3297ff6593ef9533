// The example job of docs/examples/align, with its content.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toHex } from '@piecework/protocol'
import type { Content } from '../../src/index.ts'

export const folder: string = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'examples', 'align')

export function file(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, name)))
}

export function contentOf(files: readonly Uint8Array[]): Content {
  const held = new Map(files.map((bytes) => [createHash('sha256').update(bytes).digest('hex'), bytes]))
  return {
    get: async (hash) => {
      const bytes = held.get(toHex(hash))
      if (bytes === undefined) throw new Error(`nothing has the hash ${toHex(hash)}`)
      return bytes
    },
  }
}

export const alignContent: Content = contentOf(['align.wasm', 'reference.txt', 'reads.txt'].map(file))
