// commit.json: outputs, their roots over chunks, and the commits that hide them.
import { equal } from 'node:assert/strict'
import { fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import { outputRoot, rowCommit } from '../../packages/protocol/src/output.ts'
import type { VectorFile } from './lib/file.ts'
import { someBytes } from './lib/random.ts'

interface CommitEntry {
  readonly name: string
  readonly nodeKey: string
  readonly salt: string
  readonly output: string
  readonly outputRoot: string
  readonly commit: string
}

/** Around the borders of chunks and of the tree's levels. */
const LENGTHS = [0, 1, 31, 1023, 1024, 1025, 2048, 2049, 3072, 4097, 5000]

function entry(name: string, output: Uint8Array): CommitEntry {
  const nodeKey = someBytes(`commit ${name} node`)
  const salt = someBytes(`commit ${name} salt`)
  return {
    name,
    nodeKey: toHex(nodeKey),
    salt: toHex(salt),
    output: toHex(output),
    outputRoot: toHex(outputRoot(output)),
    commit: toHex(rowCommit({ nodeKey, salt, output })),
  }
}

function check({ nodeKey, salt, output, outputRoot: root, commit }: CommitEntry): void {
  const opening = { nodeKey: fromHex(nodeKey), salt: fromHex(salt), output: fromHex(output) }
  equal(toHex(outputRoot(opening.output)), root)
  equal(toHex(rowCommit(opening)), commit)
}

export const vectors: VectorFile<CommitEntry> = {
  name: 'commit',
  generate: () => [
    ...LENGTHS.map((length) => entry(`${length} bytes`, someBytes(`commit ${length} output`, length))),
    entry('1024 zeros', new Uint8Array(1024)),
    entry('2048 zeros', new Uint8Array(2048)),
  ],
  check,
}
