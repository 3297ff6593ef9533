// A network of real daemons on whose walls the clocks jump: what is dealt is done, settled and paid all the same.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Books } from '@piecework/cli/local'
import { atLeast, atMost, type Measured } from '../../bench/types.ts'
import { onStage, type Stage } from '../kill/stage.ts'
import { fallen } from '../kill/victims.ts'

/** Of both jobs together. */
const TASKS = 40
/** Many epochs: on a busy machine they take several times as long. */
const PATIENCE_MS = 600_000
const LOOK_MS = 1_000
const RUNNABLE = 0o755
const CLOCK = join(import.meta.dirname, 'jumping-clock.ts')

export async function jumpClocks(): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'clocks-'))
  try {
    const node = join(folder, 'node')
    const line = `exec ${process.execPath} --import ${CLOCK} "$@"`
    await writeFile(node, `#!/bin/sh\n${line}\n`, { mode: RUNNABLE })
    // The chain is a machine of others.
    const nodeOf = (name: string): string => (name === 'chain' ? process.execPath : node)
    return await onStage(paid, { nodeOf })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function paid(stage: Stage): Promise<Measured> {
  const end = performance.now() + PATIENCE_MS
  let books = await stage.books()
  while (!isOver(books) && performance.now() < end) {
    await new Promise((look) => setTimeout(look, LOOK_MS))
    books = await stage.books()
  }
  const { slashed } = await stage.standing()
  const failed = books.nodes.filter(({ outcomes }) => outcomes.some(({ outcome }) => outcome === 'failed'))
  return {
    figures: { 'rows paid while clocks jumped': rowsOf(books) },
    bars: [
      atLeast('settled and claimed while clocks jumped', Number(isOver(books)), 1),
      atMost('nodes failed while clocks jumped', failed.length, 0),
      atMost('slashed while clocks jumped', Number(slashed), 0),
      atMost('daemons that ended while clocks jumped', (await fallen(stage)).length, 0),
    ],
  }
}

function isOver(books: Books): boolean {
  return rowsOf(books) >= TASKS && books.conserved && books.inStep && books.allClaimed
}

function rowsOf({ nodes }: Books): number {
  return nodes.reduce((rows, { paidRows }) => rows + paidRows, 0)
}
